import org.jspecify.annotations.NullMarked;

/** What happened: profiles, drift, the prediction log, feedback, alerts and reports. */
@NullMarked
@SuppressWarnings("requires-automatic") // Micrometer publishes no descriptor, only a module name.
module io.github.plimsoll.monitoring {
    requires transitive io.github.plimsoll.validation;
    requires com.fasterxml.jackson.databind;
    requires transitive org.slf4j;
    requires static micrometer.commons;
    requires static micrometer.core;
    requires static micrometer.observation;

    exports io.github.plimsoll.monitoring;
    exports io.github.plimsoll.monitoring.alert;
    exports io.github.plimsoll.monitoring.drift;
    exports io.github.plimsoll.monitoring.log;
}
