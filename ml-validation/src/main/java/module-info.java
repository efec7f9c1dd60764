import org.jspecify.annotations.NullMarked;

/** Is the data fit, is the model fit: data contracts, metrics, statistics and the release gate. */
@NullMarked
module io.github.plimsoll.validation {
    requires transitive io.github.plimsoll.core;
    requires org.snakeyaml.engine.v2;
    requires org.apache.commons.numbers.gamma;
    requires static org.junit.jupiter.api;

    exports io.github.plimsoll.validation.audit;
    exports io.github.plimsoll.validation.data;
    exports io.github.plimsoll.validation.lineage;
    exports io.github.plimsoll.validation.history;
    exports io.github.plimsoll.validation.profile;
    exports io.github.plimsoll.validation.junit;
    exports io.github.plimsoll.validation.stats;
    exports io.github.plimsoll.validation.stats.compat;
    exports io.github.plimsoll.validation.stats.stream;
}
