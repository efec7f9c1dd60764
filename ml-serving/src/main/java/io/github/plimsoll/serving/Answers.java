package io.github.plimsoll.serving;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Ranking;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What is common to stages that give one answer to several calls. */
final class Answers {

    private static final int ENTRY_BYTES =
            128; // nodes of Caffeine and of its map, and the record around the value: 87 to 126, measured
    private static final int BOX_BYTES = 16;
    private static final int STRING_BYTES = 40;
    private static final int ARRAY_BYTES = 16;
    private static final int RANKED_BYTES = 32;

    private Answers() {}

    /** What the host does to its vector must not reach the next one who is given it. */
    static Object apart(Object value) {
        return value instanceof double[] vector ? vector.clone() : value;
    }

    /** Whether the same input may be given the same answer again. */
    static boolean mayRepeat(ModelDescription model, Predicate<? super ModelDescription> except) {
        return !"false".equalsIgnoreCase(model.metadata().get(Caching.DETERMINISTIC)) && !except.test(model);
    }

    /** Whether a failure is trouble with the model, and neither the input's fault nor the caller's or the host's will. */
    static boolean isTroubleOfTheModel(@Nullable PredictionException failure) {
        return failure != null
                && !(failure instanceof InvalidInputException
                        || failure instanceof CallCancelledException
                        || failure instanceof ModelClosedException);
    }

    /** Whether a failure is that of one call alone, so that another for the same input may fare better. */
    static boolean isOfOneCall(PredictionException failure) {
        return failure instanceof DeadlineExceededException
                || failure instanceof CallCancelledException
                || (failure instanceof RejectedException refusal
                        && refusal.why() == RejectedException.Reason.LOAD_SHED);
    }

    /** The memory that a cache needs for a row and its answer. */
    static long estimatedBytes(FeatureRow row, Object value, @Nullable ToLongFunction<Object> sizes) {
        return ENTRY_BYTES + row.estimatedBytes() + (sizes == null ? estimatedBytes(value) : sizes.applyAsLong(value));
    }

    private static long estimatedBytes(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return BOX_BYTES;
        }
        if (value instanceof String text) {
            return STRING_BYTES + (long) Character.BYTES * text.length();
        }
        if (value instanceof double[] vector) {
            return ARRAY_BYTES + (long) Double.BYTES * vector.length;
        }
        if (value instanceof ClassProbabilities classes) { // the labels are the model's
            return BOX_BYTES
                    + ARRAY_BYTES
                    + (long) Double.BYTES * classes.labels().size();
        }
        if (value instanceof Ranking ranking) {
            return BOX_BYTES
                    + ARRAY_BYTES
                    + (long) RANKED_BYTES * ranking.items().size();
        }
        throw new IllegalArgumentException("size of a " + value.getClass().getName()
                + " (expected: Caching.bytes with a function that knows it, or Caching.entries)");
    }
}
