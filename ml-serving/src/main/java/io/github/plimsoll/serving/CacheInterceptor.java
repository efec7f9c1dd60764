package io.github.plimsoll.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.FeatureRow;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache of one predictor. The only class that names Caffeine: {@link Caching} loads without its jar. Thread-safe.
 */
final class CacheInterceptor implements Interceptor<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(Caching.class);

    /** An answer and when it was computed, by the predictor's ticker. */
    private record Kept(Object value, long nanoTime) {}

    /** What a row is kept under in a cache that is not this predictor's alone. Equal for one predictor only. */
    private record SharedKey(Owner owner, FeatureRow row) {

        @Override
        public int hashCode() {
            return 31 * row.hashCode() + System.identityHashCode(owner);
        }

        /** The model and the features, with sensitive values hidden. */
        @Override
        public String toString() {
            return owner.model + " " + row;
        }
    }

    private static final class Owner {
        private final ModelId model;

        private Owner(ModelId model) {
            this.model = model;
        }
    }

    private final Cache<Object, Object> answers;
    private final @Nullable Owner owner; // null if the cache is this predictor's alone
    private final TimeSource time;
    private final boolean looksAtAge;
    private final long freshNanos;
    private final long refreshNanos;
    private final @Nullable Executor refresher;
    private final boolean givesStale;
    private final String summary;
    private final ModelId model;
    private final Set<FeatureRow> refreshing = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile boolean closed;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final LongAdder refreshed = new LongAdder();
    private final LongAdder refreshFailures = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder failures = new LongAdder();

    @SuppressWarnings("unchecked") // Caching holds the host's cache as an object, so as to load without Caffeine
    CacheInterceptor(Caching caching, ModelId model, TimeSource time) {
        this.model = model;
        this.time = time;
        givesStale = caching.grace != null;
        refresher = caching.refresher;
        freshNanos = nanos(caching.expiry);
        refreshNanos = nanos(caching.refreshAge);
        owner = caching.hosts == null ? null : new Owner(model);
        looksAtAge = givesStale || refresher != null || (owner != null && caching.expiry != null);
        answers = caching.hosts == null ? build(caching) : (Cache<Object, Object>) caching.hosts;
        summary = caching.summary();
    }

    private Cache<Object, Object> build(Caching caching) {
        Caffeine<Object, Object> caffeine = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run) // on the caller: its own choice would be threads of the common pool
                .evictionListener((key, value, cause) -> evictions.increment());
        if (caching.expiry != null) {
            long grace = caching.grace == null ? 0 : nanos(caching.grace);
            caffeine.expireAfterWrite(
                    freshNanos > Long.MAX_VALUE - grace ? Long.MAX_VALUE : freshNanos + grace, TimeUnit.NANOSECONDS);
        }
        return caching.isWeighed
                ? caffeine.maximumWeight(caching.max)
                        .weigher(weigher(caching.sizes))
                        .build()
                : caffeine.maximumSize(caching.max).build();
    }

    private static long nanos(@Nullable Duration time) {
        try {
            return time == null ? Long.MAX_VALUE : time.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    static Weigher<Object, Object> weigher(@Nullable ToLongFunction<Object> sizes) {
        return (key, value) -> {
            if (!(value instanceof Kept kept)) {
                throw new IllegalArgumentException(
                        "weigher: " + value.getClass().getName() + " (expected: an answer that Caching keeps)");
            }
            FeatureRow row = key instanceof SharedKey shared ? shared.row : (FeatureRow) key;
            return (int) Math.min(Integer.MAX_VALUE, Answers.estimatedBytes(row, kept.value, sizes));
        };
    }

    void measure(Assembly<Object, Object> assembly) {
        measure(assembly, PredictionMeter.CACHE_LOOKUPS, "hit", hits);
        measure(assembly, PredictionMeter.CACHE_LOOKUPS, "miss", misses);
        assembly.measure(new Measurement(PredictionMeter.CACHE_FAILURES, Map.of(), failures::sum));
        if (owner == null) { // of a cache that the host made, the host knows
            assembly.measure(new Measurement(PredictionMeter.CACHE_EVICTIONS, Map.of(), evictions::sum));
            assembly.measure(new Measurement(PredictionMeter.CACHE_SIZE, Map.of(), answers::estimatedSize));
        }
        if (refresher != null) {
            measure(assembly, PredictionMeter.CACHE_REFRESHES, "success", refreshed);
            measure(assembly, PredictionMeter.CACHE_REFRESHES, "failure", refreshFailures);
        }
        if (givesStale) {
            assembly.measure(new Measurement(PredictionMeter.CACHE_STALE, Map.of(), stale::sum));
        }
    }

    private static void measure(
            Assembly<Object, Object> assembly, PredictionMeter meter, String result, LongAdder count) {
        assembly.measure(new Measurement(meter, Map.of(Tag.RESULT, result), count::sum));
    }

    @Override
    public Stage.Position position() {
        return Stage.CACHE.at();
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        int found = 0;
        for (int i = 0; i < calls.size(); i++) {
            if (answer(calls.get(i), next)) {
                found++;
            }
        }
        hits.add(found);
        if (found == calls.size()) {
            return;
        }
        misses.add(calls.size() - found);
        CallBatch<Object, Object> unknown = calls.open();
        next.proceed(unknown);
        long now = time.nanoTime();
        for (int i = 0; i < unknown.size(); i++) {
            Call<Object, Object> call = unknown.get(i);
            Object value = call.value();
            if (value != null && call.source() == Source.MODEL) {
                keep(features(call), value, now);
            } else if (givesStale && Answers.isTroubleOfTheModel(call.failure())) {
                answerStale(call);
            }
        }
    }

    private boolean answer(Call<Object, Object> call, Next<Object, Object> next) {
        FeatureRow row = features(call);
        Kept kept = lookUp(row);
        if (kept == null) {
            return false;
        }
        if (looksAtAge) {
            long age = time.nanoTime() - kept.nanoTime;
            if (age >= freshNanos) {
                return false;
            }
            if (age >= refreshNanos) {
                refresh(call, row, next);
            }
        }
        call.answer(Answers.apart(kept.value), Source.CACHE);
        return true;
    }

    private void answerStale(Call<Object, Object> call) {
        Kept kept = lookUp(features(call));
        if (kept != null) {
            stale.increment();
            call.reopen();
            call.answer(Answers.apart(kept.value), Source.FALLBACK);
        }
    }

    /** Has the answer computed anew, unless that is being done. The caller is not kept waiting, whatever comes of it. */
    private void refresh(Call<Object, Object> call, FeatureRow row, Next<Object, Object> next) {
        if (!refreshing.add(row)) {
            return;
        }
        CallBatch<Object, Object> background = CallBatch.of(call.background());
        try {
            Objects.requireNonNull(refresher).execute(() -> {
                try {
                    next.proceed(background);
                    Object value = background.get(0).value();
                    if (value != null && background.get(0).source() == Source.MODEL) {
                        keep(row, value, time.nanoTime());
                        refreshed.increment();
                    } else {
                        refreshFailures.increment();
                    }
                } finally {
                    refreshing.remove(row);
                }
            });
        } catch (RuntimeException refusal) { // a full executor, or the host's own
            refreshing.remove(row);
            refreshFailures.increment();
            LOG.debug("{}: an answer was not refreshed", model, refusal);
        }
    }

    private static FeatureRow features(Call<Object, Object> call) {
        return Objects.requireNonNull(call.features());
    }

    private Object key(FeatureRow row) {
        return owner == null ? row : new SharedKey(owner, row);
    }

    private @Nullable Kept lookUp(FeatureRow row) {
        try {
            Object kept = answers.getIfPresent(key(row));
            if (kept == null || kept instanceof Kept) {
                return (Kept) kept;
            }
            failed(new IllegalStateException("a " + kept.getClass().getName() + " that Caching did not keep"));
        } catch (RuntimeException failure) {
            failed(failure);
        }
        return null;
    }

    private void keep(FeatureRow row, Object value, long now) {
        if (closed) {
            return;
        }
        try {
            answers.put(key(row), new Kept(Answers.apart(value), now));
        } catch (RuntimeException failure) {
            failed(failure);
        }
    }

    /** The call goes on as if there were no cache. */
    private void failed(RuntimeException failure) {
        failures.increment();
        if (warned.compareAndSet(false, true)) {
            LOG.warn("{}: the cache failed; further failures are counted and logged at debug", model, failure);
        } else {
            LOG.debug("{}: the cache failed", model, failure);
        }
    }

    void close() {
        closed = true;
        if (owner == null) {
            answers.invalidateAll();
        } else {
            answers.asMap().keySet().removeIf(this::isOwn);
        }
    }

    private boolean isOwn(Object key) {
        return key instanceof SharedKey shared && shared.owner == owner;
    }

    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }

    long evictions() {
        return evictions.sum();
    }

    long size() {
        answers.cleanUp();
        return owner == null
                ? answers.estimatedSize()
                : answers.asMap().keySet().stream().filter(this::isOwn).count();
    }

    @Override
    public String summary() {
        return summary;
    }
}
