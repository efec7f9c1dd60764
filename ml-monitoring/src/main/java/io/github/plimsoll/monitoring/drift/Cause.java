package io.github.plimsoll.monitoring.drift;

import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** A kind, what it was told by, and which values of the column there are too many of, unless that is for its cells to say. */
record Cause(
        Incident.Kind kind,
        List<Finding> findings,
        @Nullable DoublePredicate moved,
        double before) {

    static Cause of(Incident.Kind kind, Finding... findings) {
        return new Cause(kind, List.of(findings), null, 0);
    }

    /** The same, carried by the rows with some values, which had a share in the baseline. */
    Cause where(DoublePredicate values, double share) {
        return new Cause(kind, findings, values, share);
    }
}
