package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Schema;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A host without Caffeine's jar can use the module, and is told what is missing when it asks for a cache. */
class WithoutCaffeineTest {

    /** What a host would do; gives the message it gets. */
    public static final class Host implements Supplier<String> {

        /** Made by reflection, in a class loader without Caffeine. */
        public Host() {}

        @Override
        public String get() {
            Caching caching = Caching.entries(10);
            PredictorBuilder<double[], Double> builder = Plimsoll.<double[], Double>function(
                            new ModelId("m", "1"), row -> row[0])
                    .features(Schema.ofDoubles(1));
            try (Predictor<double[], Double> bare = builder.build()) {
                bare.predict(new double[] {1});
            }
            try (Predictor<double[], Double> cached = builder.with(caching).build()) {
                return "built " + cached.predict(new double[] {1});
            } catch (IllegalStateException refusal) {
                return refusal.getMessage() + " " + caching.stats();
            }
        }
    }

    @Test
    void aCacheIsRefusedWithTheRemedy() throws Exception {
        assertThat(messageOf("caffeine"))
                .contains("com.github.ben-manes.caffeine:caffeine on the class path", "size 0");
        assertThat(messageOf("nothing")).isEqualTo("built 1.0"); // the loader itself is not what fails
    }

    private static String messageOf(String withoutJar) throws Exception {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> urls = new ArrayList<>();
        for (String entry : all.split(File.pathSeparator, -1)) {
            if (!Path.of(entry).getFileName().toString().startsWith(withoutJar)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Object host = loader.loadClass(Host.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            return (String) ((Supplier<?>) host).get();
        }
    }
}
