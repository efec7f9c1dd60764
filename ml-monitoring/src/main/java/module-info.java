import org.jspecify.annotations.NullMarked;

/** What happened: profiles, drift, the prediction log, feedback, alerts and reports. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer publishes no descriptor, only a module name.
module io.github.plimsoll.monitoring {
    requires transitive io.github.plimsoll.validation;
    requires com.fasterxml.jackson.databind;
    requires transitive org.slf4j;
    requires static transitive micrometer.core;
}
