package dev.redisreplication.operator.act;

import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.Members;
import dev.redisreplication.operator.observe.NodeLink;
import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Lets members begin anew that cannot load their data, where a master serves and so nothing can be lost by it. Only the group's loop
 * calls it.
 */
public final class DataRecovery {

    private static final Logger LOG = Logger.getLogger(DataRecovery.class);

    private final String group;
    private final Members members;
    private final Cluster cluster;
    /** Processes that were told to put their data aside: once each, unless the order was lost. */
    private final Set<String> setAside = new HashSet<>();

    public DataRecovery(String group, Members members, Cluster cluster) {
        this.group = group;
        this.members = members;
        this.cluster = cluster;
    }

    /** Does what can be done now. */
    public void recover(GroupView view) {
        if (view.leader() && view.masterServes()) {
            members.unloadable().forEach((member, why) -> setAside(view, member, why));
        }
    }

    /** The others have its data: what cannot be loaded is put aside, and the node begins anew as a replica. */
    private void setAside(GroupView view, String member, String why) {
        MemberProbe probe = members.probe(member).orElse(null);
        if (probe == null || member.equals(view.status().master())) {
            return;
        }
        String process = probe.seen().facts().runId();
        if (setAside.add(process)) {
            LOG.infof("%s: the data of %s are put aside: %s", group, member, why);
            var _ = probe.order(process, "LEASE", "SETASIDE").whenComplete((reply, failure) -> {
                if (failure != null) {
                    LOG.infof("%s: %s did not get the order: %s", group, member, failure.getMessage());
                    setAside.remove(process);
                    return;
                }
                boolean done = !(reply instanceof NodeLink.Refusal);
                cluster.announce(
                        true,
                        done ? "UnloadableDataSetAside" : "UnloadableData",
                        member + " could not load its data: " + why
                                + (done
                                        ? "; they were put aside as " + reply + ", and it copies the master's"
                                        : "; they could not be put aside: " + reply));
            });
        }
    }
}
