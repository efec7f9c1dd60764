package io.github.plimsoll.core;

/**
 * The stages of a call, outermost first. A built-in capability stands at its own stage; a host's interceptor stands before
 * or after one.
 *
 * <pre>
 * validate ▸ assign ▸ fall back ▸ deadline ▸ cache ▸ coalesce ▸ hedge ▸ limit ▸ break ▸ retry ▸ batch ▸ model
 * </pre>
 *
 * <p>What is refused by validation never reaches the fallback: a bad input deserves an error. The fallback stands outside
 * the deadline and all protection, so that it answers when they refuse. The cache stands outside the limits, so that a hit
 * needs no permit.
 *
 * @since 0.1
 */
public enum Stage {
    /** Checks and repairs the features. After it, inputs that could not be read fail. */
    VALIDATE,
    /** Decides which model answers: champion, canary, or an experiment's arm. */
    ASSIGN,
    /** Answers what all later stages left without an answer. */
    FALL_BACK,
    /** Gives up when the time is over. */
    DEADLINE,
    /** Answers from earlier answers. */
    CACHE,
    /** Joins equal inputs that are being answered at the same time. */
    COALESCE,
    /** Asks a second predictor when the first is slow. */
    HEDGE,
    /** Bounds how many calls run at once or per second. */
    LIMIT,
    /** Stops asking a model that keeps failing. */
    BREAK,
    /** Asks again. */
    RETRY,
    /** Joins inputs of several callers into one run of the model. */
    BATCH;

    /**
     * At this stage. A predictor has at most one interceptor there.
     *
     * @return the position
     */
    public Position at() {
        return new Position(this, Place.AT);
    }

    /**
     * Outside this stage, inside the one before. Of several, the one added first is the outermost.
     *
     * @return the position
     */
    public Position before() {
        return new Position(this, Place.BEFORE);
    }

    /**
     * Inside this stage, outside the next. Of several, the one added first is the outermost.
     *
     * @return the position
     */
    public Position after() {
        return new Position(this, Place.AFTER);
    }

    enum Place {
        BEFORE,
        AT,
        AFTER
    }

    /** A place in the order of a call; see {@link #at}, {@link #before} and {@link #after}. */
    public static final class Position implements Comparable<Position> {

        private final Stage stage;
        private final Place place;

        private Position(Stage stage, Place place) {
            this.stage = stage;
            this.place = place;
        }

        /**
         * The stage that the position refers to.
         *
         * @return the stage
         */
        public Stage stage() {
            return stage;
        }

        boolean isExclusive() {
            return place == Place.AT;
        }

        /** Orders positions from the outermost to the innermost. */
        @Override
        public int compareTo(Position other) {
            int byStage = stage.compareTo(other.stage);
            return byStage != 0 ? byStage : place.compareTo(other.place);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Position that && stage == that.stage && place == that.place;
        }

        @Override
        public int hashCode() {
            return stage.hashCode() * 31 + place.hashCode();
        }

        /** The position in words, such as {@code before cache}. */
        @Override
        public String toString() {
            String name = stage.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            return place == Place.AT ? name : place.name().toLowerCase(java.util.Locale.ROOT) + ' ' + name;
        }
    }
}
