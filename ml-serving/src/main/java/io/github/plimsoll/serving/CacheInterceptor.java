package io.github.plimsoll.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import com.github.benmanes.caffeine.cache.stats.StatsCounter;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.schema.FeatureRow;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cache of one predictor. The only class that names Caffeine: {@link Caching} loads without its jar. Thread-safe.
 */
final class CacheInterceptor implements Interceptor<Object, Object> {

    private final Cache<FeatureRow, Object> answers;
    private final String summary;

    CacheInterceptor(long entries, @Nullable Duration expiry, TimeSource time, Caching.Counter counter) {
        Caffeine<Object, Object> caffeine = Caffeine.newBuilder()
                .maximumSize(entries)
                .ticker(time::nanoTime)
                .executor(Runnable::run) // on the caller: its own choice would be threads of the common pool
                .recordStats(() -> new Counting(counter));
        if (expiry != null) {
            caffeine.expireAfterWrite(expiry);
        }
        answers = caffeine.build();
        summary = "earlier answers, at most " + entries + (expiry == null ? "" : ", for " + expiry);
    }

    @Override
    public Stage.Position position() {
        return Stage.CACHE.at();
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        int hits = 0;
        for (int i = 0; i < calls.size(); i++) {
            Call<Object, Object> call = calls.get(i);
            Object kept = answers.getIfPresent(features(call));
            if (kept != null) {
                call.answer(apart(kept), Source.CACHE);
                hits++;
            }
        }
        if (hits == calls.size()) {
            return;
        }
        CallBatch<Object, Object> unknown = calls.open();
        next.proceed(unknown);
        for (int i = 0; i < unknown.size(); i++) {
            Call<Object, Object> call = unknown.get(i);
            Object value = call.value();
            if (value != null && call.source() == Source.MODEL) {
                answers.put(features(call), apart(value));
            }
        }
    }

    private static FeatureRow features(Call<Object, Object> call) {
        return Objects.requireNonNull(call.features());
    }

    /** What the host does to its vector must not reach the next one who is given it. */
    private static Object apart(Object value) {
        return value instanceof double[] vector ? vector.clone() : value;
    }

    long size() {
        answers.cleanUp();
        return answers.estimatedSize();
    }

    void clear() {
        answers.invalidateAll();
    }

    @Override
    public String summary() {
        return summary;
    }

    /** Counts what Caffeine tells. */
    private record Counting(Caching.Counter counter) implements StatsCounter {

        @Override
        public void recordHits(int count) {
            counter.hits().add(count);
        }

        @Override
        public void recordMisses(int count) {
            counter.misses().add(count);
        }

        @Override
        public void recordEviction(int weight, RemovalCause cause) {
            counter.evictions().increment();
        }

        @Override
        public void recordLoadSuccess(long loadTime) {} // answers are put, never loaded

        @Override
        public void recordLoadFailure(long loadTime) {}

        @Override
        public CacheStats snapshot() {
            return CacheStats.empty();
        }
    }
}
