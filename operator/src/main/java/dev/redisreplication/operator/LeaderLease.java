package dev.redisreplication.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jboss.logging.Logger;

/** Gives a leader's lease back, in the way of Kubernetes' own components (ReleaseOnCancel of client-go). */
final class LeaderLease {

    private static final Logger LOG = Logger.getLogger(LeaderLease.class);

    private LeaderLease() {}

    /**
     * Leaves the lease without a holder, if the holder is this one and nobody has written it since it was read here.
     *
     * @return whether the API server confirmed it
     */
    static boolean release(KubernetesClient client, String namespace, String name, String holder) {
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(name).get();
            if (lease == null || !holder.equals(lease.getSpec().getHolderIdentity())) {
                return false;
            }
            ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
            Lease free = new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity("")
                    .withLeaseDurationSeconds(1)
                    .withAcquireTime(now)
                    .withRenewTime(now)
                    .endSpec()
                    .build();
            // With the version that was read: a process that was paused in between must not end another one's lease.
            client.resource(free).lockResourceVersion().update();
            return true;
        } catch (KubernetesClientException e) {
            LOG.warnf("the leader's lease could not be given back: %s", e.getMessage());
            return false;
        }
    }
}
