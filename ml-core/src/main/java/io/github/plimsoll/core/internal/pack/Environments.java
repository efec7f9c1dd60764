package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.EnvironmentMatch;
import io.github.plimsoll.core.model.ModelDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the engine at hand with the one a model was packaged with. */
public final class Environments {

    /** The key of {@code environment.libraries} for the operating system and processor. */
    static final String PLATFORM = "platform";

    private static final Pattern VERSION =
            Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?.*", Pattern.DOTALL);

    private Environments() {}

    /** The operating system and processor, such as {@code linux-amd64}. */
    static String platform() {
        String system = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
        return (system.startsWith("windows") ? "windows" : system.startsWith("mac") ? "macos" : system)
                        .replace(' ', '-')
                + "-" + System.getProperty("os.arch", "unknown");
    }

    /**
     * Compares.
     *
     * @param manifest what the package says
     * @param running what runs it
     * @return the verdict with its reasons
     */
    public static EnvironmentMatch compare(Manifest manifest, ModelDescription running) {
        return compare(
                manifest.engine(),
                manifest.engineVersion(),
                manifest.environment().libraries(),
                running.engine(),
                running.engineVersion());
    }

    static EnvironmentMatch compare(
            String engine, String version, Map<String, String> libraries, String runningEngine, String runningVersion) {
        List<String> reasons = new ArrayList<>();
        if (!engine.equals(runningEngine)) {
            reasons.add("engine: " + runningEngine + " " + runningVersion + " (packaged with " + Shown.text(engine)
                    + " " + Shown.text(version) + ")");
            return new EnvironmentMatch.Differs(reasons);
        }
        boolean differs = false;
        if (!version.equals(runningVersion)) {
            reasons.add("engine version: " + runningVersion + " (packaged with " + Shown.text(version) + ")");
            differs = !isNewerOfSameMajor(runningVersion, version);
        }
        String platform = libraries.get(PLATFORM);
        if (platform != null && !platform.equals(platform())) {
            reasons.add("platform: " + platform() + " (packaged on " + Shown.text(platform) + ")");
        }
        return reasons.isEmpty()
                ? new EnvironmentMatch.Same()
                : differs ? new EnvironmentMatch.Differs(reasons) : new EnvironmentMatch.Compatible(reasons);
    }

    private static boolean isNewerOfSameMajor(String running, String packaged) {
        Matcher here = VERSION.matcher(running);
        Matcher there = VERSION.matcher(packaged);
        if (!here.matches() || !there.matches() || number(here, 1) != number(there, 1)) {
            return false;
        }
        long minor = Long.compare(number(here, 2), number(there, 2));
        return minor > 0 || (minor == 0 && number(here, 3) >= number(there, 3));
    }

    private static long number(Matcher version, int group) {
        String digits = version.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
