package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.util.Optional;

/** Writes what the model may call, functions as such if the client said it the older way. One per request. */
final class OpenAiChatToolWriter {
  private static final String FUNCTION = "function";
  private static final String CUSTOM = "custom";

  private final Request request;
  private final Losses losses;
  private final ArrayNode tools = OpenAiJson.object().arrayNode();
  private final ArrayNode functions = OpenAiJson.object().arrayNode();

  OpenAiChatToolWriter(Request request, Losses losses) {
    this.request = request;
    this.losses = losses;
  }

  void write(ObjectNode written) {
    request.tools().forEach(this::tool);
    if (!tools.isEmpty()) {
      written.set("tools", tools);
    }
    if (!functions.isEmpty()) {
      written.set(OpenAiChatTools.FUNCTIONS, functions);
    }
    request.toolChoice().ifPresent(choice -> choice(choice, written));
  }

  private void tool(Tool tool) {
    boolean own = tool.origin().protocol().equals(PROTOCOL);
    if (tool instanceof Tool.Function function) {
      if (own && tool.origin().path().startsWith(OpenAiChatTools.FUNCTIONS)) {
        ObjectNode written = function(function);
        tool.origin().into(written, PROTOCOL, losses);
        functions.add(written);
      } else {
        tools.add(tool(function, own));
      }
    } else if (tool instanceof Tool.Builtin builtin) {
      Optional<JsonNode> json = own ? Optional.of(builtin.json()) : custom(builtin);
      json.ifPresentOrElse(tools::add, () -> losses.drop(tool.origin().path()));
    }
  }

  /** Free text tools are in OpenAI's other protocol too, but lie flat there. */
  private static Optional<JsonNode> custom(Tool.Builtin builtin) {
    if (!builtin.origin().protocol().equals("openai-responses")
        || !OpenAiJson.text(builtin.json(), "type").equals(CUSTOM)) {
      return Optional.empty();
    }
    ObjectNode custom = builtin.json().deepCopy();
    custom.remove("type");
    JsonNode format = custom.path("format");
    if (OpenAiJson.text(format, "type").equals("grammar")) {
      ObjectNode grammar = format.deepCopy();
      grammar.remove("type");
      custom.set("format", OpenAiJson.object().put("type", "grammar").set("grammar", grammar));
    }
    return Optional.of(OpenAiJson.object().put("type", CUSTOM).set(CUSTOM, custom));
  }

  private ObjectNode tool(Tool.Function function, boolean own) {
    ObjectNode written = OpenAiJson.object().put("type", FUNCTION);
    written.set(FUNCTION, function(function));
    function.cache().ifPresent(lifetime -> {
      if (own) {
        written.set(OpenAiChatTools.CACHE_CONTROL, cacheControl(lifetime));
      } else {
        losses.drop(function.origin().at(OpenAiChatTools.CACHE_CONTROL));
      }
    });
    function.origin().into(written, PROTOCOL, losses);
    Place.unfold(written, FUNCTION);
    return written;
  }

  static ObjectNode cacheControl(String lifetime) {
    ObjectNode control = OpenAiJson.object().put("type", "ephemeral");
    return lifetime.isEmpty() ? control : control.put("ttl", lifetime);
  }

  private static ObjectNode function(Tool.Function function) {
    ObjectNode written = OpenAiJson.object().put("name", function.name());
    if (!function.description().isEmpty()) {
      written.put("description", function.description());
    }
    if (!function.parameters().isMissingNode()) {
      written.set("parameters", function.parameters());
    }
    function.strict().ifPresent(strict -> written.put("strict", strict));
    return written;
  }

  /** Without tools there is nothing to choose, and OpenAI refuses it. */
  private void choice(ToolChoice choice, ObjectNode written) {
    boolean own = choice.origin().protocol().equals(PROTOCOL);
    if (!own && tools.isEmpty()) {
      if (!request.tools().isEmpty()) {
        losses.drop(choice.origin().path());
      }
      return;
    }
    if (own && choice.origin().path().equals(OpenAiChatTools.FUNCTION_CALL)) {
      functionCall(choice, written);
    } else {
      choice(choice, own, written);
    }
  }

  private void functionCall(ToolChoice choice, ObjectNode written) {
    switch (choice.mode()) {
      case AUTO -> written.put(OpenAiChatTools.FUNCTION_CALL, "auto");
      case ANY -> written.put(OpenAiChatTools.FUNCTION_CALL, "required");
      case NONE -> written.put(OpenAiChatTools.FUNCTION_CALL, "none");
      case NAMED -> {
        ObjectNode named =
            written.putObject(OpenAiChatTools.FUNCTION_CALL).put("name", choice.name());
        choice.origin().into(named, PROTOCOL, losses);
      }
    }
  }

  private void choice(ToolChoice choice, boolean own, ObjectNode written) {
    ObjectNode rest = OpenAiJson.object();
    choice.origin().into(rest, PROTOCOL, losses);
    String name = OpenAiChatTools.TOOL_CHOICE;
    if (own && rest.has("allowed_tools")) {
      written.set(name, OpenAiJson.object().put("type", "allowed_tools").setAll(rest));
      return;
    }
    switch (choice.mode()) {
      case AUTO -> written.put(name, "auto");
      case ANY -> written.put(name, "required");
      case NONE -> written.put(name, "none");
      case NAMED -> written.set(name, named(choice).setAll(rest));
    }
  }

  private ObjectNode named(ToolChoice choice) {
    boolean isFree = false;
    for (JsonNode tool : tools) {
      isFree |= OpenAiJson.text(tool.path(CUSTOM), "name").equals(choice.name());
    }
    String type = isFree ? CUSTOM : FUNCTION;
    ObjectNode written = OpenAiJson.object().put("type", type);
    written.putObject(type).put("name", choice.name());
    return written;
  }
}
