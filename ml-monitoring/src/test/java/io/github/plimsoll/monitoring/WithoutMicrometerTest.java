package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.log.PredictionLog;
import io.github.plimsoll.monitoring.profile.Baseline;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a host can use that has no Micrometer: everything but metrics. */
class WithoutMicrometerTest {

    @Test
    void logAndDriftWork() throws Exception {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer"))
                .map(WithoutMicrometerTest::url)
                .toArray(URL[]::new);
        try (var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);

            Object host =
                    loader.loadClass(Host.class.getName()).getConstructor().newInstance();

            assertThat(((Callable<?>) host).call()).isEqualTo("99 1");
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Loaded where there is no Micrometer. */
    public static final class Host implements Callable<String> {

        public Host() {}

        @Override
        public String call() {
            var schema = Schema.ofDoubles(Feature.number("x"));
            var row = schema.read(new double[] {1});
            var drift = DriftMonitor.against(Baseline.of(schema.features(), Collections.nCopies(100, row)))
                    .falseAlarmProbability(0.01);
            var log = PredictionLog.to(LoggerFactory.getLogger("none"));
            try (var predictor = Plimsoll.use(FakeModel.ofRows("m", 1, x -> 0))
                    .as(schema, Output.number())
                    .with(drift)
                    .with(log)
                    .build()) {
                predictor.predict(new double[] {1});
            }
            return 100 - drift.look().rows() + " " + log.written();
        }
    }
}
