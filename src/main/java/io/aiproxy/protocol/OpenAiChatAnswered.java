package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The message that an answer's parts become. One per candidate. */
final class OpenAiChatAnswered {
  private final Losses losses;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thought = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final List<Part> inParts = new ArrayList<>();
  private final ArrayNode annotations = array();
  private final ArrayNode details = array();
  private final ArrayNode calls = array();
  private final ObjectNode others = OpenAiJson.object();
  private String thoughts = OpenAiChatThoughts.MEMBERS.get(0);
  private Optional<Signature> pending = Optional.empty();

  OpenAiChatAnswered(Losses losses) {
    this.losses = losses;
  }

  private static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  void add(Part part) {
    String path = part.origin().path();
    if (isOwn(part) && path.contains(".content[")) {
      inParts.add(part);
    } else if (part instanceof Part.Text words) {
      text(words);
    } else if (part instanceof Part.Thought words) {
      thought(words);
    } else if (part instanceof Part.Refusal words) {
      refusal.append(words.text());
    } else if (part instanceof Part.ToolCall call) {
      call(call);
    } else if (part instanceof Part.Media media && isOwn(part)) {
      audio(media);
    } else {
      losses.drop(path);
    }
  }

  private static boolean isOwn(Part part) {
    return part.origin().protocol().equals(PROTOCOL);
  }

  private void text(Part.Text words) {
    int begin = text.length();
    text.append(words.text());
    words
        .citations()
        .forEach(citation -> OpenAiChatCitations.write(citation, begin, text.length())
            .ifPresentOrElse(
                annotations::add, () -> losses.drop(citation.origin().path())));
    words.origin().into(OpenAiJson.object(), PROTOCOL, losses);
  }

  private void thought(Part.Thought words) {
    String path = words.origin().path();
    if (isOwn(words) && path.endsWith(OpenAiChatThoughts.MEMBERS.get(1))) {
      thoughts = OpenAiChatThoughts.MEMBERS.get(1);
    }
    thought.append(words.text());
    words.signature().ifPresent(signature -> {
      if (OpenAiChatThoughts.isGoogles(signature) && words.text().isEmpty()) {
        pending = words.signature();
      } else {
        details.add(OpenAiChatThoughts.detail(details.size(), words.text(), signature));
      }
    });
    words.origin().into(OpenAiJson.object(), PROTOCOL, losses);
  }

  private void call(Part.ToolCall call) {
    if (isOwn(call) && call.origin().path().endsWith(OpenAiChatTools.FUNCTION_CALL)) {
      others
          .putObject(OpenAiChatTools.FUNCTION_CALL)
          .put("name", call.name())
          .put("arguments", call.arguments());
      return;
    }
    ObjectNode written = OpenAiChatCalls.write(call);
    call.origin().into(written, PROTOCOL, losses);
    Place.unfold(written, call.free() ? "custom" : "function");
    pending.ifPresent(signature -> OpenAiChatThoughts.sign(written, signature));
    pending = Optional.empty();
    calls.add(written);
  }

  private void audio(Part.Media media) {
    if (media.source() instanceof Part.Source.Data data) {
      ObjectNode audio = others.putObject("audio").put("data", data.base64());
      media.origin().into(audio, PROTOCOL, losses);
    }
  }

  ObjectNode message() {
    ObjectNode message = OpenAiJson.object().put("role", "assistant");
    if (inParts.isEmpty()) {
      message.put("content", text.isEmpty() ? null : text.toString());
    } else {
      message.set("content", new OpenAiChatContent(losses).parts(inParts));
    }
    if (!thought.isEmpty()) {
      message.put(thoughts, thought.toString());
    }
    if (!details.isEmpty()) {
      message.set(OpenAiChatThoughts.DETAILS, details);
    }
    message.put(OpenAiChatParts.REFUSAL, refusal.isEmpty() ? null : refusal.toString());
    if (!annotations.isEmpty()) {
      message.set(OpenAiChatCitations.ANNOTATIONS, annotations);
    }
    if (!calls.isEmpty()) {
      message.set(OpenAiChatCalls.CALLS, calls);
    }
    return message.setAll(others);
  }
}
