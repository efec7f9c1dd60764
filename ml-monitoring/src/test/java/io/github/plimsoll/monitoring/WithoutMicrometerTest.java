package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.log.PredictionLog;
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

            assertThat(((Callable<?>) host).call()).isEqualTo("20 20");
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
            var baseline = Baseline.builder(schema.features()).windowRows(50);
            Collections.nCopies(100, row).forEach(same -> baseline.add(same, 0, Double.NaN));
            var drift =
                    DriftMonitor.falseAlarms(1).perWindows(100).windowRows(20).baseline(baseline.build());
            var log = PredictionLog.to(LoggerFactory.getLogger("none"));
            try (var predictor = Plimsoll.use(FakeModel.ofRows("m", 1, x -> 0))
                    .as(schema, Output.number())
                    .with(drift)
                    .with(log)
                    .build()) {
                for (int i = 0; i < 20; i++) {
                    predictor.predict(new double[] {1});
                }
            }
            drift.look();
            return drift.reports(new ModelId("m", "1")).get(0).rows() + " " + log.written();
        }
    }
}
