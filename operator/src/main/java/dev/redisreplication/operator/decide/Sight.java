package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.PodView;
import java.util.List;
import java.util.stream.Collectors;

/** Plain questions to a view that several rules ask. */
final class Sight {
    private Sight() {}

    /** It answers, and what it said was asked within the last lease: old answers are no basis for anything. */
    static boolean fresh(GroupView view, MemberView member) {
        return member.link() == Link.OK
                && member.facts() != null
                && view.now() - member.askedAt() <= view.spec().leaseMs();
    }

    /** Fresh, and its data set is loaded: it can take orders. */
    static boolean usable(GroupView view, MemberView member) {
        return fresh(view, member) && !member.facts().loading();
    }

    /** Members of the spec that are alive, and let the operator in by none of its passwords or forbid it to ask. */
    static List<MemberView> denied(GroupView view) {
        return view.members().stream()
                .filter(member -> member.link() == Link.DENIED && inSpec(view, member))
                .toList();
    }

    /** What to call it that they do. */
    static Situation situation(List<MemberView> denied) {
        return denied.stream().allMatch(MemberView::forbids) ? Situation.PermissionDenied : Situation.PasswordMismatch;
    }

    /** The same in words, with theirs. */
    static String explanation(List<MemberView> denied) {
        String names = denied.stream().map(MemberView::nameWithDenial).collect(Collectors.joining(", "));
        return names
                + (situation(denied) == Situation.PermissionDenied
                        ? ": these forbid the operator what it needs"
                        : ": these take no password known");
    }

    static boolean inSpec(GroupView view, MemberView member) {
        return member.ordinal() < view.spec().replicas();
    }

    /** Its pod is going away, or was never wanted. */
    static boolean leaves(GroupView view, MemberView member) {
        return !inSpec(view, member) || member.pod() == null || member.pod().deleting();
    }

    /** It has a pod with an address: a process may run there. */
    static boolean hasAddress(MemberView member) {
        PodView pod = member.pod();
        return pod != null && !pod.ip().isEmpty();
    }

    static boolean allInSpecUsable(GroupView view) {
        for (MemberView member : view.members()) {
            if (inSpec(view, member) && !usable(view, member)) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is anybody to lead the group from now on. */
    static boolean anyInSpecUsable(GroupView view) {
        for (MemberView member : view.members()) {
            if (inSpec(view, member) && usable(view, member)) {
                return true;
            }
        }
        return false;
    }

    /** The newest term that anybody ever mentioned: status or a member, reachable or not. */
    static long newestTerm(GroupView view) {
        long newest = view.status().term();
        for (MemberView member : view.members()) {
            if (member.facts() != null) {
                newest = Math.max(newest, member.facts().term());
            }
        }
        return newest;
    }

    /** The process last seen behind this member has ended, by word of the kubelet. */
    static boolean ended(MemberView member) {
        NodeFacts facts = member.facts();
        PodView pod = member.pod();
        return facts != null && pod != null && pod.provesEnd(pod.uid(), facts.startedAt());
    }

    /**
     * That very process has ended: the kubelet said so, or another process answers in the same pod (containers of a pod
     * follow one another). Another process in another pod of the same name proves nothing.
     */
    static boolean ended(GroupView view, MasterProcess process) {
        if (process.ended()) {
            return true;
        }
        MemberView member = view.member(process.member()).orElse(null);
        if (member == null || member.pod() == null || !member.pod().uid().equals(process.podUid())) {
            return false;
        }
        return member.pod().provesEnd(process.podUid(), process.startedAt())
                || (member.facts() != null && !member.facts().runId().equals(process.runId()));
    }
}
