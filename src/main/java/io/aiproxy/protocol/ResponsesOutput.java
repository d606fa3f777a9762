package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.usage.Usage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An answer in the making, and the events that tell of it. The protocol says each text again when it is done, and the whole
 * answer at the end, so all of it is kept, up to a bound. One per answer.
 */
final class ResponsesOutput {
  /** How many characters an answer may have. */
  private static final int MOST = 64 * 1024 * 1024;

  /** As many count for a part, whatever is in it. */
  private static final int PART = 256;

  /** As many count for how likely a token was. */
  private static final int WEIGHT = 16;

  private static final String NAME = OpenAiResponsesDialect.NAME;

  private final Consumer<ObjectNode> events;
  private final Losses losses;
  private final boolean holdsForLogprobs;
  private final ObjectNode response;
  private final ArrayNode output;
  private Optional<ObjectNode> message = Optional.empty();
  private Optional<ResponsesPart> part = Optional.empty();
  private Stop stop = Stop.of(Stop.Reason.UNKNOWN);
  private boolean begun;
  private boolean refused;
  private long sequence;
  private final Held held = new Held(MOST);

  /**
   * An answer of which nothing is known yet.
   *
   * @param events is given each event when it is due; it is not kept
   */
  ResponsesOutput(Request asked, Consumer<ObjectNode> events, Losses losses) {
    this.events = events;
    this.losses = losses;
    this.holdsForLogprobs = asked.settings().containsKey(Setting.LOGPROBS);
    this.response = ResponsesEcho.of(asked);
    this.output = response.withArray("output");
  }

  ObjectNode response() {
    return response;
  }

  /** The answer begins; but for the model nothing is made of what is empty. */
  void begin(String id, String model, long created) {
    if (begun) {
      return;
    }
    begun = true;
    response.put("id", id.startsWith("resp_") ? id : "resp_" + (id.isEmpty() ? "0" : id));
    response.put("created_at", created);
    if (!model.isEmpty()) {
      response.put("model", model);
    }
    tell(event("response.created").set("response", response));
    tell(event("response.in_progress").set("response", response));
  }

  /** A part begins, with as much of it as there is. */
  void open(Part beginning) {
    held.add(PART);
    begin("", "", 0);
    close();
    if (beginning instanceof Part.Text text) {
      part = Optional.of(ResponsesPart.text(this, message(), holdsForLogprobs));
      grow(text.text());
      text.citations().forEach(this::cite);
    } else if (beginning instanceof Part.Refusal refusal) {
      refused = true;
      part = Optional.of(ResponsesPart.refusal(this, message()));
      grow(refusal.text());
    } else if (beginning instanceof Part.ToolCall call) {
      call(call);
    } else if (beginning instanceof Part.Thought thought) {
      endMessage();
      part = Optional.of(ResponsesPart.thought(this, item("rs", "reasoning")));
      grow(thought.text());
      thought.signature().ifPresent(this::sign);
    } else {
      whole(beginning);
    }
  }

  private void call(Part.ToolCall call) {
    endMessage();
    ObjectNode item = call.free() ? item("ctc", "custom_tool_call") : item("fc", "function_call");
    held.add(call.id().length() + call.name().length());
    item.put("call_id", call.id().isEmpty() ? "call_" + item.path("id").asText() : call.id());
    item.put("name", call.name());
    part = Optional.of(ResponsesPart.call(this, item, call.free()));
    grow(call.arguments());
  }

  /** What does not grow. */
  private void whole(Part other) {
    boolean own = other.origin().protocol().equals(NAME);
    if (other instanceof Part.Other known && own && known.json() instanceof ObjectNode item) {
      endMessage();
      held.add(item.toString().length());
      add(item);
      done(item);
    } else if (other instanceof Part.Media media
        && media.kind() == Part.Media.Kind.IMAGE
        && media.source() instanceof Part.Source.Data data) {
      endMessage();
      held.add(data.base64().length());
      ObjectNode item = item("ig", "image_generation_call");
      add(item);
      done(item.put("status", "completed").put("result", data.base64()));
    } else {
      losses.drop(other.origin().path());
    }
  }

  void grow(String more) {
    held.add(more.length());
    if (!more.isEmpty()) {
      part.ifPresent(open -> open.grow(more));
    }
  }

  void sign(Signature signature) {
    held.add(signature.value().length());
    part.ifPresent(open -> open.sign(signature.in(NAME)));
  }

  void cite(Citation citation) {
    held.add(PART + citation.toString().length());
    part.ifPresent(open -> open.cite(citation, losses));
  }

  void weigh(List<Logprob> logprobs) {
    logprobs.forEach(logprob -> held.add((1L + logprob.top().size()) * WEIGHT));
    part.ifPresent(open -> open.weigh(ResponsesContent.written(logprobs, true)));
  }

  /** The open part is whole. */
  void close() {
    part.ifPresent(ResponsesPart::close);
    part = Optional.empty();
  }

  void stop(Stop reason) {
    stop = reason;
  }

  void count(Usage usage) {
    if (!usage.isAbsent()) {
      response.set("usage", ResponsesEcho.usage(usage));
    }
  }

  /** The answer is whole; returns it. */
  ObjectNode end() {
    begin("", "", 0);
    close();
    endMessage();
    String status = status();
    response.put("status", status);
    tell(event("response." + status).set("response", response));
    return response;
  }

  private String status() {
    String reason = switch (stop.reason()) {
      case MAX_TOKENS -> "max_output_tokens";
      case FILTERED -> "content_filter";
      case REFUSED -> refused ? "" : "content_filter";
      default -> "";
    };
    if (!reason.isEmpty()) {
      response.putObject("incomplete_details").put("reason", reason);
      return "incomplete";
    }
    if (stop.reason() == Stop.Reason.FAILED) {
      response
          .putObject("error")
          .put("code", "server_error")
          .put("message", "the model failed: " + stop.word());
      return "failed";
    }
    return "completed";
  }

  /** The item that texts are put into: what follows each other is in one. */
  private ObjectNode message() {
    ObjectNode open = message.orElseGet(() -> {
      ObjectNode item = item("msg", "message").put("role", "assistant");
      item.putArray("content");
      add(item);
      return item;
    });
    message = Optional.of(open);
    return open;
  }

  private void endMessage() {
    message.ifPresent(item -> done(item.put("status", "completed")));
    message = Optional.empty();
  }

  /** A new item; where OpenAI makes up an id, it is made of the answer's own. */
  private ObjectNode item(String prefix, String type) {
    String id = response.path("id").asText().substring("resp_".length());
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", prefix + "_" + id + "_" + output.size())
        .put("type", type)
        .put("status", "in_progress");
  }

  /** An item begins. */
  void add(ObjectNode item) {
    output.add(item);
    tell(at("response.output_item.added", item).set("item", item));
  }

  /** The last item is whole. */
  void done(ObjectNode item) {
    tell(at("response.output_item.done", item).set("item", item));
  }

  /** An event of the last item. */
  ObjectNode at(String type, ObjectNode item) {
    ObjectNode event = event(type).put("output_index", output.size() - 1);
    return type.startsWith("response.output_item.")
        ? event
        : event.put("item_id", item.path("id").asText());
  }

  private static ObjectNode event(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  /** Numbers are given when events go out. */
  void tell(JsonNode event) {
    events.accept(((ObjectNode) event).put("sequence_number", sequence++));
  }
}
