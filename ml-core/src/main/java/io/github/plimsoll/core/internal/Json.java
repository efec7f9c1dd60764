package io.github.plimsoll.core.internal;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.stream.Collectors;

/** The little JSON that descriptions of models hold. */
public final class Json {

    private Json() {}

    public static String array(List<String> texts) {
        return texts.stream()
                .map(text ->
                        '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }
}
