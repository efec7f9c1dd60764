import org.jspecify.annotations.NullMarked;

/** How a call travels: caching, coalescing, batching, deadlines, limits and rollouts. */
@NullMarked
@SuppressWarnings(
        "requires-automatic") // Micrometer and Resilience4j publish no descriptor, only an automatic module name.
module io.github.plimsoll.serving {
    requires transitive io.github.plimsoll.core;
    requires org.slf4j;
    requires static com.github.benmanes.caffeine;
    requires static dev.failsafe.core;
    requires static io.github.resilience4j.bulkhead;
    requires static io.github.resilience4j.circuitbreaker;
    requires static io.github.resilience4j.ratelimiter;
    requires static micrometer.core;

    exports io.github.plimsoll.serving;
    exports io.github.plimsoll.serving.batch;
    exports io.github.plimsoll.serving.failsafe;
    exports io.github.plimsoll.serving.resilience4j;
}
