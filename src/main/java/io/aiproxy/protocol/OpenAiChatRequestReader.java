package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request for a chat. One per request. */
final class OpenAiChatRequestReader {
  /** How much to think, as OpenAI says it. */
  static final String EFFORT = "reasoning_effort";

  /** How much to think, as OpenRouter says it. */
  static final String REASONING = "reasoning";

  static final String STREAM_OPTIONS = "stream_options";
  static final String INCLUDE_USAGE = "include_usage";
  static final String NO_EFFORT = "none";

  private static final String RESPONSE_FORMAT = "response_format";
  private static final String SCHEMA = "json_schema";

  private final Place body;
  private final Set<String> understood = new HashSet<>(Set.of("model", "stream"));

  OpenAiChatRequestReader(Place body) {
    this.body = body;
  }

  Request read(String model, boolean stream) {
    if (!body.has("messages")) {
      throw Place.bad("messages", "is missing");
    }
    OpenAiChatTools tools = new OpenAiChatTools(body, understood);
    List<Message> messages = new OpenAiChatMessageReader().read(body.objects("messages"));
    understood.add("messages");
    List<Tool> offered = tools.read();
    Optional<ToolChoice> choice = tools.choice();
    Optional<Format> format = format();
    Optional<Reasoning> reasoning = reasoning();
    Map<Setting, Given> settings = OpenAiChatSettings.read(body, understood);
    boolean streamUsage = streamUsage();
    return new Request(
        model,
        stream,
        streamUsage,
        messages,
        offered,
        choice,
        format,
        reasoning,
        settings,
        origin());
  }

  private boolean streamUsage() {
    return body.has(STREAM_OPTIONS)
        && body.object(STREAM_OPTIONS).flag(INCLUDE_USAGE).orElse(false);
  }

  /** Of the options of a stream only what is no usage is left. */
  private Origin origin() {
    Origin origin = body.origin(PROTOCOL, understood);
    if (body.has(STREAM_OPTIONS)) {
      ObjectNode others = body.object(STREAM_OPTIONS).object().deepCopy();
      others.remove(INCLUDE_USAGE);
      origin.rest().remove(STREAM_OPTIONS);
      if (!others.isEmpty()) {
        origin.rest().set(STREAM_OPTIONS, others);
      }
    }
    return origin;
  }

  private Optional<Format> format() {
    if (!body.has(RESPONSE_FORMAT)) {
      return Optional.empty();
    }
    Place format = body.object(RESPONSE_FORMAT);
    Optional<Format> read = switch (format.needed("type")) {
      case "text" -> Optional.of(simple(Format.Kind.TEXT, format));
      case "json_object" -> Optional.of(simple(Format.Kind.OBJECT, format));
      case SCHEMA -> Optional.of(schema(format, format.object(SCHEMA)));
      default -> Optional.<Format>empty(); // a grammar or a pattern, which no two providers share
    };
    read.ifPresent(known -> understood.add(RESPONSE_FORMAT));
    return read;
  }

  private static Format simple(Format.Kind kind, Place format) {
    return new Format(
        kind,
        "",
        "",
        MissingNode.getInstance(),
        Optional.empty(),
        format.origin(PROTOCOL, Set.of("type")));
  }

  private static Format schema(Place format, Place schema) {
    return new Format(
        Format.Kind.SCHEMA,
        schema.text("name"),
        schema.text("description"),
        schema.member("schema"),
        schema.flag("strict"),
        format.origin(
            PROTOCOL,
            Set.of("type", SCHEMA),
            schema,
            Set.of("name", "description", "schema", "strict")));
  }

  private Optional<Reasoning> reasoning() {
    if (body.has(EFFORT)) {
      understood.add(EFFORT);
      Origin origin = new Origin(PROTOCOL, EFFORT, OpenAiJson.object());
      return Optional.of(
          reasoning(body.text(EFFORT), OptionalLong.empty(), Optional.empty(), origin));
    }
    if (!(body.member(REASONING) instanceof ObjectNode)) {
      return Optional.empty();
    }
    understood.add(REASONING);
    Place reasoning = body.object(REASONING);
    JsonNode budget = reasoning.member("max_tokens");
    return Optional.of(reasoning(
        reasoning.text("effort"),
        budget.isIntegralNumber() ? OptionalLong.of(budget.longValue()) : OptionalLong.empty(),
        reasoning.flag("enabled"),
        reasoning.origin(PROTOCOL, Set.of("effort", "max_tokens", "enabled"))));
  }

  private static Reasoning reasoning(
      String effort, OptionalLong budget, Optional<Boolean> said, Origin origin) {
    boolean asks = !effort.isEmpty() || budget.isPresent();
    Optional<Boolean> enabled =
        effort.equals(NO_EFFORT) ? Optional.of(false) : asks ? Optional.of(true) : said;
    return new Reasoning(
        enabled, effort.equals(NO_EFFORT) ? "" : effort, budget, Optional.empty(), origin);
  }
}
