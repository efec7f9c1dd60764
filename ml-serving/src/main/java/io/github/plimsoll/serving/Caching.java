package io.github.plimsoll.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Weigher;
import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.model.ModelDescription;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * of an input counts. Any NaN is equal to any NaN, and {@code -0.0} is not {@code 0.0}. The features themselves are compared,
 * not only their hash. Each predictor has a cache of its own, so an answer never crosses from one model, or one version of
 * it, to another. What is kept and what is not:
 *
 * <ul>
 *   <li>Only what the model answered itself is kept: no failure, no fallback, nothing that another stage made up.
 *   <li>A hit has the source {@link io.github.plimsoll.core.Prediction.Source#CACHE}, an id of its own, and reaches the
 *       listeners like any answer. The guard has seen its input before, and limits are not asked: see {@link Stage}.
 *   <li>Equal inputs of one batch, or of callers at the same moment, are all given to the model if none was kept before;
 *       {@link Coalescing} joins them. Whatever it answers last stays.
 *   <li>A value is shared by all who are given it, so it must not be changed. A {@code double[]}, as
 *       {@link io.github.plimsoll.core.schema.Output#vector()} gives it, is copied instead; so is no other mutable type.
 *   <li>A cache that fails, such as one of the host's whose own code throws, fails no call: that is counted, logged once, and
 *       the call goes on without it.
 * </ul>
 *
 * <p>Nothing is kept for a model that is {@linkplain #DETERMINISTIC said} not to give equal answers to equal inputs, and for
 * those that {@link #unless} names. Leave the cache out where the answer depends on anything that is not a feature, such as
 * the time of day. Rows stay in memory until they are evicted, sensitive features with them.
 *
 * <p>The cache is Caffeine's: when it is full, it makes room by how recently and how often an entry was used, and may be a
 * little over its bound for a moment. It uses the predictor's {@link io.github.plimsoll.core.TimeSource} and no thread of
 * its own: upkeep is done by the callers, and answers are refreshed on the host's executor. Needs
 * {@code com.github.ben-manes.caffeine:caffeine} on the class path, and a schema. Stands at {@link Stage#CACHE}. Thread-safe;
 * immutable but for its {@linkplain #stats() counters}.
 *
 * @since 0.1
 */
public final class Caching implements Capability<Object, Object> {

    /**
     * The key in a model's {@linkplain ModelDescription#metadata() metadata} whose value {@code false} says that the model
     * draws random numbers or looks at more than its input, so that an answer must not be given twice: {@value}.
     */
    public static final String DETERMINISTIC = "plimsoll.deterministic";

    private static final Logger LOG = LoggerFactory.getLogger(Caching.class);

    final long max;
    final boolean isWeighed;
    final @Nullable ToLongFunction<Object> sizes;
    final @Nullable Object hosts; // a Caffeine cache, if the host has made it
    final @Nullable Duration expiry;
    final @Nullable Duration refreshAge;
    final @Nullable Executor refresher;
    final @Nullable Duration grace;
    private final Predicate<? super ModelDescription> except;
    final Set<CacheInterceptor> open = ConcurrentHashMap.newKeySet(); // those of predictors that are not closed
    private final LongAdder closedHits = new LongAdder();
    private final LongAdder closedMisses = new LongAdder();
    private final LongAdder closedEvictions = new LongAdder();

    private Caching(long max, boolean isWeighed, @Nullable ToLongFunction<Object> sizes, @Nullable Object hosts) {
        this.max = max;
        this.isWeighed = isWeighed;
        this.sizes = sizes;
        this.hosts = hosts;
        expiry = null;
        refreshAge = null;
        refresher = null;
        grace = null;
        except = model -> false;
    }

    private Caching(
            Caching original,
            @Nullable Duration expiry,
            @Nullable Duration refreshAge,
            @Nullable Executor refresher,
            @Nullable Duration grace,
            Predicate<? super ModelDescription> except) {
        max = original.max;
        isWeighed = original.isWeighed;
        sizes = original.sizes;
        hosts = original.hosts;
        this.expiry = expiry;
        this.refreshAge = refreshAge;
        this.refresher = refresher;
        this.grace = grace;
        this.except = except;
    }

    /**
     * Keeps a number of answers, without a limit of time.
     *
     * @param max how many answers each predictor may keep
     * @return the capability
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    public static Caching entries(long max) {
        return new Caching(positive("entries", max), false, null, null);
    }

    /**
     * Keeps answers in a part of the memory, without a limit of time. An answer takes what
     * {@link io.github.plimsoll.core.schema.FeatureRow#estimatedBytes} says of its row, the size of its value, and 128 bytes
     * for the entry. The sizes of numbers, texts, vectors, class probabilities and rankings are known; another value is not
     * kept, which counts as a failure of the cache.
     *
     * @param max how many bytes the answers of each predictor may take, by that estimate
     * @return the capability
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    public static Caching bytes(long max) {
        return new Caching(positive("bytes", max), true, null, null);
    }

    /**
     * Keeps answers in a part of the memory, for answers of the host's own types.
     *
     * @param max how many bytes the answers of each predictor may take
     * @param answerSize the bytes that an answer's value takes
     * @return the capability
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    public static Caching bytes(long max, ToLongFunction<Object> answerSize) {
        return new Caching(positive("bytes", max), true, Objects.requireNonNull(answerSize), null);
    }

    /**
     * Keeps answers in a cache that the host has built, shares between predictors and measures: it says what is dropped, and
     * when. Keys belong to one predictor, so nothing crosses from one model or version to another, and name its model.
     * Entries are put and looked up, never loaded; those of a predictor are removed when it is closed.
     *
     * <p>Predictors that share a cache and let answers expire by {@link #expireAfterWrite} take their time from one source.
     *
     * @param cache a cache for any keys and values; a host that weighs its entries takes {@link #weigher()}
     * @return the capability
     */
    @SuppressWarnings("exports") // whoever has a Caffeine cache reads its module; others must compile without it
    public static Caching in(Cache<Object, Object> cache) {
        return new Caching(Long.MAX_VALUE, false, null, Objects.requireNonNull(cache));
    }

    /**
     * The bytes that an entry takes, as {@link #bytes(long)} counts them, for a cache of the host's.
     *
     * @return a weigher of entries that predictors have put; for others it throws an {@link IllegalArgumentException}
     */
    @SuppressWarnings("exports") // as above
    public static Weigher<Object, Object> weigher() {
        return CacheInterceptor.weigher(null);
    }

    private static long positive(String what, long max) {
        if (max < 1) {
            throw new IllegalArgumentException(what + ": " + max + " (expected: >= 1)");
        }
        return max;
    }

    private static void checkPositive(String what, Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(what + ": " + time + " (expected: > 0)");
        }
    }

    private static void checkUnset(String what, Duration time, @Nullable Duration before) {
        if (before != null) {
            throw new IllegalStateException(what + ": " + time + " after " + before + " (expected: to be set once)");
        }
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
        checkUnset("expireAfterWrite", time, expiry);
        checkPositive("expireAfterWrite", time);
        return new Caching(this, time, refreshAge, refresher, grace, except);
    }

    /**
     * Has an answer computed anew when it is asked for and older than a time, while the old one is given: who asks for what is
     * asked for often never waits. An answer is refreshed once at a time. A refresh has no deadline and a low priority, goes
     * through all stages behind the cache, and reaches no listener. If it fails, or the executor refuses it, the old answer
     * stays, and the next hit tries again; that is counted.
     *
     * @param age how old an answer is when it is refreshed, less than what {@link #expireAfterWrite} says
     * @param executor where, with a bound of its own; it is not shut down
     * @return a changed copy, with counters of its own
     * @throws IllegalArgumentException if the age is not positive
     * @throws IllegalStateException if an age was set before
     */
    public Caching refreshAhead(Duration age, Executor executor) {
        checkUnset("refreshAhead", age, refreshAge);
        checkPositive("refreshAhead", age);
        return new Caching(this, expiry, age, Objects.requireNonNull(executor), grace, except);
    }

    /**
     * Gives an answer that has expired when the model fails: the last known good one. It then has the source
     * {@link io.github.plimsoll.core.Prediction.Source#FALLBACK}. A model fails if the call behind the cache fails for any
     * reason but a bad input, a caller that has cancelled, or a predictor that was closed.
     *
     * @param longer how long after its expiry an answer may still be given then; it takes memory as long
     * @return a changed copy, with counters of its own
     * @throws IllegalArgumentException if the time is not positive
     * @throws IllegalStateException if a time was set before
     */
    public Caching staleIfError(Duration longer) {
        checkUnset("staleIfError", longer, grace);
        checkPositive("staleIfError", longer);
        return new Caching(this, expiry, refreshAge, refresher, longer, except);
    }

    /**
     * Does nothing for some models, such as those that do not give equal answers to equal inputs, for a host that builds all
     * its predictors alike.
     *
     * @param models whether nothing is to be kept for a model; in addition to those said before
     * @return a changed copy, with counters of its own
     */
    public Caching unless(Predicate<? super ModelDescription> models) {
        Objects.requireNonNull(models);
        return new Caching(
                this, expiry, refreshAge, refresher, grace, model -> except.test(model) || models.test(model));
    }

    /**
     * What the caches did so far: the sum over all predictors that were built with this object, also of those closed since.
     *
     * <p>Tidies the caches up first, so that what has expired is counted as evicted; not for the path of a call.
     *
     * @return the numbers at this moment; while calls are running, they need not fit together to the last one
     */
    public Stats stats() {
        long hits = closedHits.sum();
        long misses = closedMisses.sum();
        long evictions = closedEvictions.sum();
        long size = 0;
        for (CacheInterceptor cache : open) {
            size += cache.size();
            hits += cache.hits();
            misses += cache.misses();
            evictions += cache.evictions();
        }
        return new Stats(hits, misses, evictions, size);
    }

    /**
     * Adds a new, empty cache to a predictor, or its part of the host's.
     *
     * @throws IllegalStateException if the predictor has no schema, Caffeine is not on the class path, or the times
     *     contradict each other
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (assembly.features().isEmpty()) {
            throw new IllegalStateException(
                    "Caching: the predictor reads no features to tell inputs apart (expected: a schema, given to as or features)");
        }
        if (expiry == null ? grace != null : refreshAge != null && refreshAge.compareTo(expiry) >= 0) {
            throw new IllegalStateException(
                    expiry == null
                            ? "Caching: staleIfError " + grace + " without expireAfterWrite (expected: both)"
                            : "Caching: refreshAhead " + refreshAge + " (expected: less than expireAfterWrite " + expiry
                                    + ")");
        }
        if (!Answers.mayRepeat(assembly.model(), except)) {
            LOG.info(
                    "{}: no answers are kept, since the model may not repeat them",
                    assembly.model().id());
            return;
        }
        CacheInterceptor cache;
        try {
            cache = new CacheInterceptor(this, assembly.model().id(), assembly.time());
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException(
                    "Caching: Caffeine is not there (expected: com.github.ben-manes.caffeine:caffeine on the class path)",
                    missing);
        }
        open.add(cache);
        assembly.onClose(() -> close(cache));
        cache.measure(assembly);
        assembly.add(cache);
    }

    private void close(CacheInterceptor cache) {
        open.remove(cache);
        closedHits.add(cache.hits());
        closedMisses.add(cache.misses());
        closedEvictions.add(cache.evictions());
        cache.close();
    }

    String summary() {
        return "earlier answers, "
                + (hosts != null ? "in the host's cache" : "at most " + max + (isWeighed ? " bytes" : " entries"))
                + (expiry == null ? ", without expiry" : ", for " + expiry)
                + (refreshAge == null ? ", no refresh ahead" : ", refreshed after " + refreshAge)
                + (grace == null ? ", not given when expired" : ", for " + grace + " more if the model fails");
    }

    /** The capability in words, such as {@code caching: earlier answers, at most 100000 entries, for PT10M, ...}. */
    @Override
    public String toString() {
        return "caching: " + summary();
    }

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
