package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** When an alarm opens, and when it is over. */
class UnitStateTest {

    private final UnitState unit = new UnitState();

    /** How many quiet windows it takes until the alarm is over. */
    private int quietUntilOver() {
        int quiet = 0;
        while (unit.isOpen()) {
            assertThat(unit.hasRecovered()).isFalse();
            assertThat(unit.opens(false)).isFalse();
            quiet++;
        }
        assertThat(unit.hasRecovered()).isTrue();
        return quiet;
    }

    private void stayQuiet(int windows) {
        for (int i = 0; i < windows; i++) {
            assertThat(unit.opens(false)).isFalse();
            assertThat(unit.hasRecovered()).isFalse();
            assertThat(unit.isOpen()).isFalse();
        }
    }

    @Test
    void anAlarmOpensOnceAndIsOverAfterThreeQuietWindows() {
        stayQuiet(5);
        assertThat(unit.opens(true)).isTrue();
        assertThat(unit.opens(true)).isFalse();
        unit.opens(false);
        unit.opens(false);
        assertThat(unit.opens(true)).as("in the third, it is still open").isFalse();

        assertThat(quietUntilOver()).isEqualTo(3);
    }

    @Test
    void whatComesBackAtOnceTakesTwiceAsLong() {
        int[] expected = {3, 6, 12, 24, 48, 48, 48};
        for (int windows : expected) {
            assertThat(unit.opens(true)).isTrue();
            assertThat(quietUntilOver()).isEqualTo(windows);
        }
    }

    @Test
    void whatStaysAwayAsLongAgainIsNew() {
        unit.opens(true);
        quietUntilOver();
        stayQuiet(2);
        assertThat(unit.opens(true)).isTrue();
        assertThat(quietUntilOver()).as("back in the third window").isEqualTo(6);
        stayQuiet(6);
        assertThat(unit.opens(true)).isTrue();
        assertThat(quietUntilOver()).isEqualTo(3);
    }

    /** Of what has changed for good, and is above the threshold now and then, a stream of any length tells seldom. */
    @Property(tries = 50)
    void whatNeverEndsIsToldAFewTimes(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var unit = new UnitState();
        int opened = 0;
        for (int window = 0; window < 1_000; window++) {
            opened += unit.opens(random.nextInt(5) == 0) ? 1 : 0;
        }
        assertThat(opened).isBetween(1, 30); // with three quiet windows always, about 100
    }

    @Property(tries = 50)
    void aStateThatWasReadGoesOnAsTheOneThatWasWritten(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var unit = new UnitState();
        for (int window = random.nextInt(200); window > 0; window--) {
            unit.opens(random.nextInt(6) == 0);
        }
        var out = new FormWriter("TEST");
        unit.write(out);
        var read = new UnitState();
        FormReader.read("state", "TEST", out.finish(), in -> {
            read.read(in, 0);
            return read;
        });

        for (int window = 0; window < 200; window++) {
            boolean alarmed = random.nextInt(8) == 0;
            assertThat(read.opens(alarmed)).isEqualTo(unit.opens(alarmed));
            assertThat(read.isOpen()).isEqualTo(unit.isOpen());
            assertThat(read.hasRecovered()).isEqualTo(unit.hasRecovered());
        }
    }
}
