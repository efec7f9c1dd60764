package io.github.plimsoll.core.internal.doctor;

import io.github.plimsoll.core.Diagnosis;
import io.github.plimsoll.core.Diagnosis.Finding;
import io.github.plimsoll.core.Diagnosis.Status;
import io.github.plimsoll.core.PlimsollException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.internal.onnx.OrtRuntime;
import io.github.plimsoll.core.internal.pack.PackageLoading;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.PackagePolicy;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at the process without changing it: starts no engine, sets nothing, opens no connection. */
public final class Doctor {

    private static final int RESTRICTED_SINCE = 24; // JEP 472
    private static final long UNPACKED = 100L << 20; // what the engines unpack, generously
    private static final Pattern JAR = Pattern.compile("([^/\\\\!]+)\\.jar!");

    private static final List<String> ENGINE_CLASSES = List.of(
            "ai.onnxruntime.OrtEnvironment",
            "ai.djl.engine.Engine",
            "ai.djl.onnxruntime.engine.OrtEngine",
            "ai.djl.pytorch.engine.PtEngine",
            "ml.dmlc.xgboost4j.java.XGBoostJNI",
            "com.microsoft.ml.lightgbm.lightgbmlib");
    private static final Path MAPPED = Path.of("/proc/self/maps");

    private final List<Finding> findings = new ArrayList<>();
    private final ClassLoader loader;

    private Doctor() {
        ClassLoader own = Doctor.class.getClassLoader();
        loader = own == null ? ClassLoader.getSystemClassLoader() : own;
    }

    /**
     * Looks at the process.
     *
     * @param model a model to load as well, or null
     * @return what was found
     */
    public static Diagnosis examine(@Nullable Path model) {
        Doctor doctor = new Doctor();
        doctor.machine();
        doctor.engines();
        doctor.linkage();
        doctor.nativeAccess();
        doctor.network();
        doctor.folders();
        if (model != null) {
            doctor.model(model);
        }
        doctor.environment();
        return new Diagnosis(doctor.findings);
    }

    private void ok(String area, String what) {
        findings.add(new Finding(Status.OK, area, what, ""));
    }

    private void warn(String area, String what, String remedy) {
        findings.add(new Finding(Status.WARN, area, what, remedy));
    }

    private void fail(String area, String what, String remedy) {
        findings.add(new Finding(Status.FAIL, area, what, remedy));
    }

    private void machine() {
        ok("Java", System.getProperty("java.vm.name") + " " + Runtime.version() + " on " + platform());
        Runtime runtime = Runtime.getRuntime();
        ok(
                "machine",
                runtime.availableProcessors() + " cores, heap up to " + (runtime.maxMemory() >> 20)
                        + " MB (engines take memory outside it)");
    }

    private static String platform() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    private void engines() {
        List<String> runtime = jars("ai/onnxruntime/OrtEnvironment.class");
        List<String> djl = jars("ai/djl/engine/Engine.class");
        List<String> others = new ArrayList<>();
        others.addAll(jars("ai/djl/pytorch/engine/PtEngine.class"));
        others.addAll(jars("ai/djl/ml/xgboost/XgbEngine.class"));
        others.addAll(jars("ai/djl/tensorflow/engine/TfEngine.class"));
        others.addAll(jars("io/github/metarank/lightgbm4j/LGBMBooster.class"));
        if (runtime.isEmpty()) {
            warn(
                    "ONNX Runtime",
                    others.isEmpty() ? "not on the class path, and no other engine either" : "not on the class path",
                    "add com.microsoft.onnxruntime:onnxruntime to load ONNX models; functions and fakes need no engine");
        } else if (runtime.size() > 1) {
            warn("ONNX Runtime", "more than once on the class path: " + runtime, "keep one of the jars");
        } else {
            nativeLibrary(runtime.get(0));
        }
        if (djl.isEmpty()) {
            ok("DJL", "not on the class path (needed only for translations and for engines other than ONNX Runtime)");
        } else {
            String engine = String.join(", ", jars("ai/djl/onnxruntime/engine/OrtEngine.class"));
            ok("DJL", String.join(", ", djl) + (engine.isEmpty() ? "" : " with " + engine));
        }
        if (!others.isEmpty()) {
            ok("other engines", String.join(", ", others));
        }
        List<String> boosters = jars("ml/dmlc/xgboost4j/java/Booster.class");
        if (boosters.size() > 1) {
            warn(
                    "other engines",
                    "the classes of xgboost4j are there more than once: " + boosters,
                    "keep one: DJL's XGBoost engine brings a copy of its own");
        }
    }

    private void nativeLibrary(String jar) {
        String path = System.getProperty("onnxruntime.native.path");
        String library = System.mapLibraryName("onnxruntime");
        if (path != null) {
            if (Files.isReadable(Path.of(path, library))) {
                ok("ONNX Runtime", jar + ", native library from onnxruntime.native.path=" + path);
            } else {
                fail(
                        "ONNX Runtime",
                        jar + ", but onnxruntime.native.path=" + path + " has no " + library,
                        "put both native libraries there, or do not set the property");
            }
            return;
        }
        String folder = nativeFolder();
        if (loader.getResource("ai/onnxruntime/native/" + folder + "/" + library) != null) {
            ok("ONNX Runtime", jar + ", native library for " + folder);
        } else {
            fail(
                    "ONNX Runtime",
                    jar + " holds no native library for " + folder,
                    "use a version of com.microsoft.onnxruntime:onnxruntime that has one for this platform, not stripped by a"
                            + " shading step; or set onnxruntime.native.path");
        }
    }

    /** As ONNX Runtime names the folder of a platform in its jar. */
    private static String nativeFolder() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") || os.contains("darwin") ? "osx" : os.contains("win") ? "win" : "linux";
        return system + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
    }

    /** The jars that hold a class, looked for by name: nothing is loaded. */
    private List<String> jars(String resource) {
        List<String> jars = new ArrayList<>();
        try {
            for (URL url : Collections.list(loader.getResources(resource))) {
                Matcher jar = JAR.matcher(url.toString());
                jars.add(jar.find() ? jar.group(1) : url.getProtocol() + " resource");
            }
        } catch (IOException e) {
            // as if it were not there
        }
        return jars;
    }

    /** Loads engines' classes as far as that runs none of their code, which shows jars that do not fit together. */
    private void linkage() {
        int linked = 0;
        for (String name : ENGINE_CLASSES) {
            try {
                linked += Class.forName(name, false, loader).getDeclaredMethods().length > 0 ? 1 : 0;
            } catch (ClassNotFoundException e) {
                // that jar is not there, which is said elsewhere
            } catch (LinkageError e) {
                warn(
                        "linkage",
                        name + " cannot be linked: " + e,
                        "use versions of the engine's jars that fit together, with all that they need");
            }
        }
        ok("linkage", linked + " of the engines' classes that are there can be linked");
    }

    private void nativeAccess() {
        if (Runtime.version().feature() < RESTRICTED_SINCE) {
            return;
        }
        Class<?> engine;
        try {
            engine = Class.forName("ai.onnxruntime.OrtEnvironment", false, loader); // not initialised
        } catch (ClassNotFoundException | LinkageError e) {
            return;
        }
        Module module = engine.getModule();
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        try {
            Method allowed = Module.class.getMethod("isNativeAccessEnabled"); // since 22
            if (Boolean.TRUE.equals(allowed.invoke(module))) {
                ok("native access", "allowed for " + name);
                return;
            }
        } catch (ReflectiveOperationException e) {
            return;
        }
        warn(
                "native access",
                "not allowed for " + name
                        + ": this JVM warns when an engine loads its native library; a later one, or one started with"
                        + " --illegal-native-access=deny, refuses",
                "start it with --enable-native-access=" + name);
    }

    private void network() {
        setting(
                "offline",
                "ai.djl.offline",
                "DJL_OFFLINE",
                "DJL downloads nothing",
                "DJL may download engines and models");
        setting("call home", "OPT_OUT_TRACKING", "OPT_OUT_TRACKING", "DJL reports nothing", "DJL may report its use");
    }

    private void setting(String area, String property, String variable, String off, String on) {
        String host = System.getenv(variable);
        String value = host != null ? host : System.getProperty(property);
        if (value == null) {
            ok(area, off + " (set when the first model is loaded)");
        } else if (Boolean.parseBoolean(value)) {
            ok(area, off);
        } else {
            warn(
                    area,
                    on + ", by the host's " + (host != null ? variable : property) + "=" + Shown.text(value),
                    "leave it unset, or true, unless that is what you want");
        }
    }

    private void folders() {
        Path temp = Path.of(System.getProperty("java.io.tmpdir"));
        String remedy = "set -Djava.io.tmpdir to a folder that may be written to and executed from";
        try {
            File probe = Files.createTempFile(temp, "plimsoll", ".probe").toFile();
            boolean executable = probe.setExecutable(true) && probe.canExecute();
            Files.delete(probe.toPath());
            long free = Files.getFileStore(temp).getUsableSpace();
            if (!executable) {
                fail("temp folder", temp + ": nothing in it may be executed", remedy);
            } else if (free < UNPACKED) {
                warn(
                        "temp folder",
                        temp + ": " + (free >> 20) + " MB free",
                        "make room: engines unpack up to 100 MB there");
            } else {
                ok("temp folder", temp + ", " + (free >> 20) + " MB free");
            }
        } catch (IOException | SecurityException e) {
            fail("temp folder", temp + ": cannot be written to: " + e, remedy);
        }
        if (!jars("ai/djl/engine/Engine.class").isEmpty()) {
            cache();
        }
    }

    private void cache() {
        String set = first(
                System.getenv("ENGINE_CACHE_DIR"),
                System.getProperty("ENGINE_CACHE_DIR"),
                System.getenv("DJL_CACHE_DIR"),
                System.getProperty("DJL_CACHE_DIR"));
        Path cache = set == null ? Path.of(System.getProperty("user.home"), ".djl.ai") : Path.of(set);
        Path existing = cache.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing != null && Files.isDirectory(existing) && Files.isWritable(existing)) {
            ok("cache folder", cache + (Files.exists(cache) ? "" : ", not there yet") + ", may be written to");
        } else {
            warn(
                    "cache folder",
                    cache + ": cannot be written to",
                    "set DJL_CACHE_DIR to a folder that can; ONNX Runtime does not need it, PyTorch and tokenizers do");
        }
    }

    private static @Nullable String first(@Nullable String... values) {
        for (String value : values) {
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    private void environment() {
        String area = "ONNX Runtime environment";
        OrtRuntime runtime;
        try {
            runtime = OrtRuntime.ifStarted();
        } catch (LinkageError e) {
            return; // without its jar there is none
        }
        if (runtime == null) {
            if (isMapped("onnxruntime")) {
                warn(
                        area,
                        "not started by this library, but the native library is in the process: another library was first,"
                                + " or the host uses DJL itself",
                        "load a model through this library before that, if one has to go through DJL; models that take the"
                                + " direct way share the environment");
            } else {
                ok(area, "not started by this library yet");
            }
            return;
        }
        switch (runtime.djl()) {
            case READY -> ok(area, "started, shared with DJL");
            case ABSENT -> ok(area, "started, DJL's engine is not there");
            case CLASH ->
                warn(
                        area,
                        "another library started it before DJL, which cannot use it in this process",
                        "load a model through this library first; models that take the direct way are not affected");
            case BROKEN ->
                warn(
                        area,
                        "DJL's engine could not be started",
                        "use versions of ai.djl:api and onnxruntime-engine that fit together");
        }
    }

    /** Whether a native library is in the process, where the system tells: on Linux. */
    private static boolean isMapped(String library) {
        try (Stream<String> lines = Files.lines(MAPPED, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains("lib" + library + ".so"));
        } catch (IOException | UncheckedIOException e) {
            return false; // another system
        }
    }

    private void model(Path location) {
        try (Model model = PackageLoading.load(location, LoadOptions.defaults(), PackagePolicy.defaults())) {
            ModelDescription description = model.description();
            ok(
                    "model",
                    description.id() + (model.origin().isPresent() ? ", a sound package," : "") + " loads: "
                            + description.engine() + " " + description.engineVersion() + ", "
                            + description.execution());
        } catch (PlimsollException e) {
            fail("model", String.valueOf(e.getMessage()), "see what is expected; the guide has a page on each reason");
        }
    }
}
