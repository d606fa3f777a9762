package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import java.util.Optional;

/** Writes a request for a chat; what comes from Anthropic's clients as APISIX writes it. One per request. */
final class OpenAiChatRequestWriter {
  private static final String ANTHROPIC = "anthropic-messages";
  private static final String SCHEMA = "json_schema";

  /** OpenAI takes no schema without a name. */
  private static final String SCHEMA_NAME = "structured_output";

  private final Request request;
  private final Losses losses;
  private final ObjectNode written = OpenAiJson.object();

  OpenAiChatRequestWriter(Request request, Losses losses) {
    this.request = request;
    this.losses = losses;
  }

  ObjectNode write() {
    if (!request.model().isEmpty()) {
      written.put("model", request.model());
    }
    ArrayNode messages = written.putArray("messages");
    OpenAiChatMessageWriter writer = new OpenAiChatMessageWriter(losses);
    request.messages().forEach(message -> writer.write(message, messages::add));
    new OpenAiChatToolWriter(request, losses).write(written);
    request.format().ifPresent(this::format);
    request.reasoning().ifPresent(this::reasoning);
    OpenAiChatSettings.write(request, written, losses);
    if (request.stream()) {
      written.put("stream", true);
    }
    request.origin().into(written, PROTOCOL, losses);
    usage();
    return written;
  }

  private void usage() {
    if (request.stream() && request.streamUsage()) {
      ObjectNode options = OpenAiJson.object();
      written
          .path(OpenAiChatRequestReader.STREAM_OPTIONS)
          .properties()
          .forEach(option -> options.set(option.getKey(), option.getValue()));
      options.put(OpenAiChatRequestReader.INCLUDE_USAGE, true);
      written.set(OpenAiChatRequestReader.STREAM_OPTIONS, options);
    }
  }

  private void format(Format format) {
    ObjectNode said = OpenAiJson.object();
    switch (format.kind()) {
      case TEXT -> said.put("type", "text");
      case OBJECT -> said.put("type", "json_object");
      case SCHEMA -> said.put("type", SCHEMA).set(SCHEMA, schema(format));
    }
    format.origin().into(said, PROTOCOL, losses);
    Place.unfold(said, SCHEMA);
    written.set("response_format", said);
  }

  private static ObjectNode schema(Format format) {
    boolean own = format.origin().protocol().equals(PROTOCOL);
    boolean tightened = format.origin().protocol().equals(ANTHROPIC);
    ObjectNode schema = OpenAiJson.object();
    if (!format.name().isEmpty() || !own) {
      schema.put("name", format.name().isEmpty() ? SCHEMA_NAME : format.name());
    }
    if (!format.description().isEmpty()) {
      schema.put("description", format.description());
    }
    Optional<Boolean> strict = tightened ? Optional.of(true) : format.strict();
    strict.ifPresent(said -> schema.put("strict", said));
    if (!format.schema().isMissingNode()) {
      schema.set("schema", tightened ? StrictSchema.of(format.schema()) : format.schema());
    }
    return schema;
  }

  private void reasoning(Reasoning reasoning) {
    Origin origin = reasoning.origin();
    if (origin.protocol().equals(PROTOCOL)
        && origin.path().equals(OpenAiChatRequestReader.REASONING)) {
      openRouter(reasoning);
      return;
    }
    String effort = effort(reasoning);
    if (!effort.isEmpty()) {
      written.put(OpenAiChatRequestReader.EFFORT, effort);
    } else if (!origin.protocol().equals(ANTHROPIC) && reasoning.enabled().isPresent()) {
      losses.drop(origin.path()); // for Anthropic not to think is what goes without saying
    }
    Usual.dropShown(reasoning, losses);
    origin.into(OpenAiJson.object(), PROTOCOL, losses);
  }

  private void openRouter(Reasoning reasoning) {
    ObjectNode said = written.putObject(OpenAiChatRequestReader.REASONING);
    if (!effort(reasoning).isEmpty() && reasoning.budget().isEmpty()) {
      said.put("effort", effort(reasoning));
    } else {
      reasoning
          .enabled()
          .filter(on -> reasoning.budget().isEmpty())
          .ifPresent(on -> said.put("enabled", on));
    }
    reasoning.budget().ifPresent(budget -> said.put("max_tokens", budget));
    reasoning.origin().into(said, PROTOCOL, losses);
  }

  /** A budget becomes the effort that APISIX makes of it. */
  private static String effort(Reasoning reasoning) {
    boolean own = reasoning.origin().protocol().equals(PROTOCOL);
    if (!reasoning.enabled().orElse(true)) {
      return own ? OpenAiChatRequestReader.NO_EFFORT : "";
    }
    if (!reasoning.effort().isEmpty()) {
      return reasoning.effort();
    }
    if (reasoning.budget().isPresent()) {
      return effort(reasoning.budget().getAsLong());
    }
    return reasoning.enabled().isPresent() && !own ? "medium" : "";
  }

  private static String effort(long budget) {
    if (budget < 1024) {
      return "minimal";
    }
    return budget < 2048 ? "low" : budget < 4096 ? "medium" : "high";
  }
}
