package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Kind;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** JSON with placeholders for what a request says. Checked when it is made. */
final class BodyTemplate {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    private final String template;

    BodyTemplate(String template) {
        this.template = template;
        RetrainingRequest example = new RetrainingRequest(
                "id", new ModelId("m", "1"), Instant.EPOCH, List.of(new Reason(Kind.AGE, "\"")), Instant.EPOCH);
        String filled = fill(example);
        if (!Json.isJson(filled)) {
            throw new IllegalArgumentException(
                    "template: not JSON when filled in (expected: such as {\"run\": \"${id}\", \"why\": \"${reasons}\"})");
        }
    }

    String fill(RetrainingRequest request) {
        Map<String, String> values = Map.of(
                "id", text(request.id()),
                "model", text(request.model().name()),
                "version", text(request.model().version()),
                "time", text(request.time().toString()),
                "reasons", text(request.reasons().stream().map(Reason::text).collect(Collectors.joining("; "))),
                "baselineFrom",
                        request.baselineFrom() == null
                                ? ""
                                : text(request.baselineFrom().toString()),
                "baselineAgeDays",
                        request.baselineAge()
                                .map(age -> Long.toString(age.toDays()))
                                .orElse(""),
                "request", request.toJson());
        return PLACEHOLDER.matcher(template).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException("template: ${" + found.group(1) + "} (expected: one of "
                        + new TreeSet<>(values.keySet()) + ")");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static String text(String value) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(value));
    }
}
