package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that are in a module and a class loader of their own, as a host's are. */
class SchemaOfModuleTest {

    private static final Map<String, String> SOURCES = Map.of(
            "module-info.java", "module host { opens host.open; exports host.closed; }",
            "host/open/Ride.java", "package host.open; record Ride(double km, Kind kind) { enum Kind { WALK, RIDE } }",
            "host/closed/Ride.java", "package host.closed; public record Ride(double km) {}");

    @TempDir
    static Path folder;

    private static ClassLoader loader;

    @BeforeAll
    static void defineModule() throws IOException {
        Path classes = folder.resolve("classes");
        for (Map.Entry<String, String> source : SOURCES.entrySet()) {
            Path file = folder.resolve("src").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
        }
        String[] arguments = Stream.concat(
                        Stream.of("-d", classes.toString()),
                        SOURCES.keySet().stream()
                                .map(source ->
                                        folder.resolve("src").resolve(source).toString()))
                .toArray(String[]::new);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .isZero();

        Configuration host =
                ModuleLayer.boot().configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("host"));
        loader = ModuleLayer.defineModulesWithOneLoader(host, List.of(ModuleLayer.boot()), null)
                .layer()
                .findLoader("host");
    }

    @Test
    void recordInAnOpenedPackageIsRead() throws ReflectiveOperationException {
        Class<?> type = loader.loadClass("host.open.Ride");
        Class<?> kind = loader.loadClass("host.open.Ride$Kind");
        Constructor<?> constructor = type.getDeclaredConstructor(double.class, kind);
        constructor.setAccessible(true);

        FeatureRow row = read(type, constructor.newInstance(3.5, kind.getEnumConstants()[1]));

        assertThat(row).hasToString("{km=3.5, kind=RIDE}");
        assertThat(row.categoryCode(1)).isEqualTo(1);
    }

    private static <I> FeatureRow read(Class<I> type, Object input) {
        return Schema.of(type).read(type.cast(input));
    }

    @Test
    void packageThatIsNotOpenedIsNamed() throws ReflectiveOperationException {
        Class<?> type = loader.loadClass("host.closed.Ride");

        assertThatThrownBy(() -> Schema.of(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "host.closed.Ride: not accessible (expected: 'opens host.closed to io.github.plimsoll.core' in the "
                                + "descriptor of module host)");
    }
}
