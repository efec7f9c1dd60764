package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Stage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Answers an input from the model's earlier answer to an equal one.
 *
 * <pre>{@code
 * var caching = Caching.entries(100_000).expireAfterWrite(Duration.ofMinutes(10));
 *
 * var risk = Plimsoll.load(Path.of("models/credit-risk"))
 *         .as(Applicant.class, Output.probabilityOf("default"))
 *         .with(caching)
 *         .build();
 * }</pre>
 *
 * <p>Inputs are equal if their {@linkplain io.github.plimsoll.core.schema.FeatureRow features} are, bit by bit; nothing else
 * of an input counts. Each predictor has a cache of its own, so an answer never crosses from one model, or one version of it,
 * to another. What is kept and what is not:
 *
 * <ul>
 *   <li>Only what the model answered itself is kept: no failure, no fallback, nothing that another stage made up.
 *   <li>A hit has the source {@link io.github.plimsoll.core.Prediction.Source#CACHE}, an id of its own, and reaches the
 *       listeners like any answer. The guard has seen its input before, and limits are not asked: see {@link Stage}.
 *   <li>Equal inputs of one batch, or of callers at the same moment, are all given to the model if none was kept before.
 *       Whatever it answers last stays.
 *   <li>A value is shared by all who are given it, so it must not be changed. A {@code double[]}, as
 *       {@link io.github.plimsoll.core.schema.Output#vector()} gives it, is copied instead; so is no other mutable type.
 * </ul>
 *
 * <p>Leave it out where the model does not give equal answers to equal inputs, or where the answer depends on anything that
 * is not a feature, such as the time of day. Rows stay in memory until they are evicted, sensitive features with them; the
 * bound is a number of rows, so long texts and large tensors make the cache large.
 *
 * <p>The cache is Caffeine's: when it is full, it makes room by how recently and how often an entry was used, and may be a
 * little over its bound for a moment. It uses the predictor's {@link io.github.plimsoll.core.TimeSource} and no thread of
 * its own: upkeep is done by the callers. Needs {@code com.github.ben-manes.caffeine:caffeine} on the class path, and a
 * schema. Stands at {@link Stage#CACHE}. Thread-safe; immutable but for its {@linkplain #stats() counters}.
 *
 * @since 0.1
 */
public final class Caching implements Capability<Object, Object> {

    private final long entries;
    private final @Nullable Duration expiry;
    final Set<CacheInterceptor> open = ConcurrentHashMap.newKeySet(); // those of predictors that are not closed
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();

    private Caching(long entries, @Nullable Duration expiry) {
        this.entries = entries;
        this.expiry = expiry;
    }

    /**
     * Keeps answers without a limit of time.
     *
     * @param max how many answers each predictor may keep
     * @return the capability
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    public static Caching entries(long max) {
        if (max < 1) {
            throw new IllegalArgumentException("entries: " + max + " (expected: >= 1)");
        }
        return new Caching(max, null);
    }

    /**
     * Keeps answers for a time.
     *
     * @param time how long after an answer was computed it may be given again; a hit does not make it longer
     * @return a changed copy, with counters of its own
     * @throws IllegalArgumentException if the time is not positive
     * @throws IllegalStateException if a time was set before
     */
    public Caching expireAfterWrite(Duration time) {
        if (expiry != null) {
            throw new IllegalStateException(
                    "expireAfterWrite: " + time + " after " + expiry + " (expected: to be set once)");
        }
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("expireAfterWrite: " + time + " (expected: > 0)");
        }
        return new Caching(entries, time);
    }

    /**
     * What the caches did so far: the sum over all predictors that were built with this object, also of those closed since.
     *
     * <p>Tidies the caches up first, so that what has expired is counted as evicted; not for the path of a call.
     *
     * @return the numbers at this moment; while calls are running, they need not fit together to the last one
     */
    public Stats stats() {
        long size = 0;
        for (CacheInterceptor cache : open) {
            size += cache.size();
        }
        return new Stats(hits.sum(), misses.sum(), evictions.sum(), size);
    }

    /**
     * Adds a new, empty cache to a predictor.
     *
     * @throws IllegalStateException if the predictor has no schema, or Caffeine is not on the class path
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (assembly.features().isEmpty()) {
            throw new IllegalStateException(
                    "Caching: the predictor reads no features to tell inputs apart (expected: a schema, given to as or features)");
        }
        CacheInterceptor cache;
        try {
            cache = new CacheInterceptor(entries, expiry, assembly.time(), new Counter(hits, misses, evictions));
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException(
                    "Caching: Caffeine is not there (expected: com.github.ben-manes.caffeine:caffeine on the class path)",
                    missing);
        }
        open.add(cache);
        assembly.onClose(() -> {
            open.remove(cache);
            cache.clear();
        });
        assembly.add(cache);
    }

    /** The capability in words, such as {@code caching, at most 100000 entries for PT10M}. */
    @Override
    public String toString() {
        return "caching, at most " + entries + " entries" + (expiry == null ? "" : " for " + expiry);
    }

    /** Where a cache counts. */
    record Counter(LongAdder hits, LongAdder misses, LongAdder evictions) {}

    /**
     * What caches did up to a moment. Immutable.
     *
     * @since 0.1
     * @see Caching#stats()
     */
    public static final class Stats {

        private final long hits;
        private final long misses;
        private final long evictions;
        private final long size;

        private Stats(long hits, long misses, long evictions, long size) {
            this.hits = hits;
            this.misses = misses;
            this.evictions = evictions;
            this.size = size;
        }

        /**
         * The number of inputs that were answered from a cache.
         *
         * @return a number >= 0
         */
        public long hits() {
            return hits;
        }

        /**
         * The number of inputs that were looked up and not found, whether or not they were answered then. An input that was
         * refused before is neither a hit nor a miss.
         *
         * @return a number >= 0
         */
        public long misses() {
            return misses;
        }

        /**
         * The number of answers that were dropped because a cache was full or because their time was over.
         *
         * @return a number >= 0
         */
        public long evictions() {
            return evictions;
        }

        /**
         * The number of answers that are kept now.
         *
         * @return a number >= 0; 0 when all predictors are closed
         */
        public long size() {
            return size;
        }

        /** The numbers as one line, such as {@code hits 90, misses 10, evictions 0, size 10}. */
        @Override
        public String toString() {
            return "hits " + hits + ", misses " + misses + ", evictions " + evictions + ", size " + size;
        }
    }
}
