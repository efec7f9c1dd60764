package io.github.plimsoll.validation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NEW YORK",
                " new  york\t",
                "New-York",
                "new_york",
                "N\u0435w York", // a Cyrillic e
                "New\u00a0York",
                "New Yo\u200brk",
                "\u202eNew York\u202c",
                "\uff2eew York",
                "New York\ufeff"
            })
    void looksLikeNewYork(String text) {
        assertThat(Characters.appearance(text)).isEqualTo("new york");
    }

    @Test
    void whatSaysSomethingElseLooksOther() {
        assertThat(Characters.appearance("<=50K")).isNotEqualTo(Characters.appearance(">50K"));
        assertThat(Characters.appearance("C")).isNotEqualTo(Characters.appearance("C++"));
        assertThat(Characters.appearance("A-")).isNotEqualTo(Characters.appearance("A"));
        assertThat(Characters.appearance("Müller")).isEqualTo(Characters.appearance("Mu\u0308ller"));
        assertThat(Characters.appearance("Müller")).isNotEqualTo(Characters.appearance("Muller"));
    }

    @Test
    void showsWhatCannotBeSeen() {
        assertThat(Characters.shown("a\u200bb\u202ec\u0000\ud800", 40)).isEqualTo("'a\\u200bb\\u202ec\\u0000\\ud800'");
        assertThat(Characters.shown("P\u0430ris", 40)).isEqualTo("'P\\u0430ris'");
        assertThat(Characters.shown("Москва", 40)).isEqualTo("'Москва'");
        assertThat(Characters.spelledOut("\u043e", 40)).isEqualTo("'\\u043e'");
        assertThat(Characters.shown("abcdef", 3)).isEqualTo("'abc...'");
        assertThat(Characters.shown("\ud83d\ude00\ud83d\ude00", 2)).isEqualTo("'\ud83d\ude00...'");
    }

    @Property
    void anAppearanceIsItsOwnAppearance(
            @ForAll
                    @CharRange(to = '\u024f')
                    @CharRange(from = '\u0300', to = '\u052f')
                    @CharRange(from = '\u2000', to = '\u206f')
                    @CharRange(from = '\uff00', to = '\uffef')
                    String text) {
        String appearance = Characters.appearance(text);

        assertThat(Characters.appearance(appearance)).isEqualTo(appearance);
    }

    @Property
    void whatIsShownHoldsNothingHidden(@ForAll String text) {
        assertThat(Characters.shown(text, 40).codePoints()).noneMatch(Characters::isHidden);
    }
}
