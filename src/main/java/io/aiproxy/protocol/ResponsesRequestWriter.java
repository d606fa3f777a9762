package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a request of the responses API. Other protocols keep no answers, so what comes from them is not to be stored unless
 * it says so, and thoughts have to come signed to be sent again. One per request.
 */
final class ResponsesRequestWriter {
  private static final String NAME = OpenAiResponsesDialect.NAME;

  /** What only Open Responses has, an open description of this protocol, and OpenAI refuses. */
  private static final Set<Setting> OF_OTHERS =
      Set.of(Setting.PRESENCE_PENALTY, Setting.FREQUENCY_PENALTY);

  private static final Map<Setting, String> MEMBERS =
      ResponsesRequestReader.SETTINGS.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  /** What a budget of thoughts comes to, as an effort: up to so many tokens. */
  private static final long LOW = 4096;

  private static final long MEDIUM = 16_384;

  private final Request request;
  private final Losses losses;
  private final boolean own;
  private final ObjectNode body = JsonNodeFactory.instance.objectNode();

  ResponsesRequestWriter(Request request, Losses losses) {
    this.request = request;
    this.losses = losses;
    this.own = request.origin().protocol().equals(NAME);
  }

  ObjectNode written() {
    if (!request.model().isEmpty()) {
      body.put("model", request.model());
    }
    if (request.stream()) {
      body.put("stream", true);
    }
    messages();
    tools();
    request.toolChoice().ifPresent(this::toolChoice);
    request.format().ifPresent(this::format);
    request.reasoning().ifPresent(this::reasoning);
    settings();
    if (!own) {
      statelessly();
    }
    rest();
    return body;
  }

  private void messages() {
    List<Message> messages = request.messages();
    int from = 0;
    if (!messages.isEmpty() && areInstructions(messages.get(0))) {
      Message first = messages.get(0);
      body.put("instructions", text(first));
      losses(first);
      from = 1;
    }
    if (messages.size() == from + 1 && messages.get(from).origin().path().equals("input") && own) {
      body.put("input", text(messages.get(from)));
      return;
    }
    ResponsesItemWriter items = new ResponsesItemWriter(free(), losses);
    messages.subList(from, messages.size()).forEach(items::add);
    if (!own || !items.items().isEmpty()) {
      body.set("input", items.items());
    }
  }

  private boolean areInstructions(Message first) {
    return own
        ? first.origin().path().equals("instructions")
        : first.role() == Role.SYSTEM
            && !first.parts().isEmpty()
            && first.parts().stream().allMatch(part -> part instanceof Part.Text);
  }

  private static String text(Message message) {
    return message.parts().stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining("\n\n"));
  }

  private void losses(Message message) {
    ObjectNode nowhere = JsonNodeFactory.instance.objectNode();
    if (!message.name().isEmpty()) {
      losses.drop(message.origin().at("name"));
    }
    message.origin().into(nowhere, NAME, losses);
    message.parts().forEach(part -> part.origin().into(nowhere, NAME, losses));
  }

  private Set<String> free() {
    return request.messages().stream()
        .flatMap(message -> message.parts().stream())
        .filter(part -> part instanceof Part.ToolCall call && call.free())
        .map(part -> ((Part.ToolCall) part).id())
        .collect(Collectors.toSet());
  }

  private void tools() {
    if (request.tools().isEmpty()) {
      return;
    }
    ArrayNode tools = body.putArray("tools");
    for (Tool tool : request.tools()) {
      if (tool instanceof Tool.Function function) {
        function(tools.addObject(), function);
      } else if (tool instanceof Tool.Builtin builtin
          && builtin.origin().protocol().equals(NAME)) {
        tools.add(builtin.json());
      } else {
        losses.drop(tool.origin().path());
      }
    }
  }

  /** Here a schema is strict unless it is said not to be, elsewhere it is the other way round. */
  private void function(ObjectNode tool, Tool.Function function) {
    tool.put("type", "function").put("name", function.name());
    if (!function.description().isEmpty()) {
      tool.put("description", function.description());
    }
    if (!function.parameters().isMissingNode()) {
      tool.set("parameters", function.parameters());
    } else if (!own) {
      tool.putNull("parameters");
    }
    function.strict().ifPresent(strict -> tool.put("strict", strict));
    if (function.strict().isEmpty() && !own) {
      tool.put("strict", false);
    }
    if (function.cache().isPresent()) {
      losses.drop(Term.CACHE.at(function.origin()));
    }
    function.origin().into(tool, NAME, losses);
  }

  private void toolChoice(ToolChoice choice) {
    Origin origin = choice.origin();
    boolean isObject = choice.mode() == ToolChoice.Mode.NAMED
        || (origin.protocol().equals(NAME)
            && !(origin.rest().isEmpty() && origin.own().isEmpty()));
    if (isObject) {
      ObjectNode object = body.putObject("tool_choice");
      if (choice.mode() == ToolChoice.Mode.NAMED) {
        object.put("type", "function").put("name", choice.name());
      }
      origin.into(object, NAME, losses);
      return;
    }
    body.put(
        "tool_choice",
        switch (choice.mode()) {
          case AUTO, NAMED -> "auto";
          case ANY -> "required";
          case NONE -> "none";
        });
    origin.into(JsonNodeFactory.instance.objectNode(), NAME, losses);
  }

  private void format(Format format) {
    ObjectNode json = body.putObject("text").putObject("format");
    json.put(
        "type",
        switch (format.kind()) {
          case TEXT -> "text";
          case OBJECT -> "json_object";
          case SCHEMA -> "json_schema";
        });
    if (format.kind() == Format.Kind.SCHEMA) {
      schema(json, format);
    }
    format.origin().into(json, NAME, losses);
  }

  private void schema(ObjectNode json, Format format) {
    if (!format.name().isEmpty() || !own) {
      json.put("name", format.name().isEmpty() ? "answer" : format.name()); // must have one
    }
    if (!format.description().isEmpty()) {
      json.put("description", format.description());
    }
    if (!format.schema().isMissingNode()) {
      json.set("schema", format.schema());
    }
    format.strict().ifPresent(strict -> json.put("strict", strict));
  }

  private void reasoning(Reasoning reasoning) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (!reasoning.effort().isEmpty()) {
      json.put("effort", reasoning.effort());
    } else if (reasoning.enabled().equals(Optional.of(false))) {
      json.put("effort", "none");
    } else if (reasoning.budget().isPresent()) {
      json.put("effort", effort(reasoning.budget().getAsLong()));
    }
    if (reasoning.budget().isPresent() && !json.path("effort").asText().equals("none")) {
      losses.drop(reasoning.origin().path()); // an effort is not so many tokens
    }
    if (reasoning.shown().equals(Optional.of(true))) {
      json.put("summary", "auto");
    }
    reasoning.origin().into(json, NAME, losses);
    if (own || !json.isEmpty()) {
      body.set("reasoning", json);
    }
  }

  private static String effort(long budget) {
    if (budget <= LOW) {
      return "low";
    }
    return budget <= MEDIUM ? "medium" : "high";
  }

  private void settings() {
    request.settings().forEach((setting, given) -> {
      String member = MEMBERS.getOrDefault(setting, "");
      if (setting == Setting.USER) {
        body.set(given.path().equals("user") ? "user" : "safety_identifier", given.value());
      } else if (setting == Setting.LOGPROBS) {
        logprobs(given);
      } else if (!member.isEmpty() && (own || !OF_OTHERS.contains(setting))) {
        body.set(member, given.value());
      } else if (!isUsual(setting, given.value())) {
        losses.drop(given.path());
      }
    });
  }

  /** Whether it says no more than what is so anyway. */
  private static boolean isUsual(Setting setting, JsonNode value) {
    return value.isNull()
        || (setting == Setting.CANDIDATES && value.asInt() == 1)
        || (OF_OTHERS.contains(setting) && value.isNumber() && value.asDouble() == 0)
        || (setting == Setting.STOP && value.isArray() && value.isEmpty());
  }

  private void logprobs(Given given) {
    if (!own && given.value().asBoolean()) {
      body.withArray("include").add(ResponsesRequestReader.LOGPROBS);
    }
  }

  private void statelessly() {
    if (!body.has("store")) {
      body.put("store", false);
    }
    if (body.has("reasoning") && !body.path("reasoning").path("effort").asText().equals("none")) {
      body.withArray("include").add(ResponsesRequestReader.SIGNATURES);
    }
  }

  /** Members of {@code text} stand in the rest with their whole path. */
  private void rest() {
    request.origin().into(body, NAME, losses);
    if (own) {
      request.origin().rest().properties().stream()
          .filter(member -> member.getKey().startsWith("text."))
          .forEach(member -> {
            body.remove(member.getKey());
            body.withObject("/text")
                .set(member.getKey().substring("text.".length()), member.getValue());
          });
    }
  }
}
