package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a chat has thoughts. OpenAI has no place for them. DeepSeek and those after it say {@code reasoning_content}, Groq,
 * Ollama and OpenRouter {@code reasoning}. OpenRouter keeps signatures in {@code reasoning_details}, and so do we for those of
 * other protocols; Google keeps its own in {@code extra_content} of the call that a thought led to.
 */
final class OpenAiChatThoughts {
  /** The members that hold the text, the first that is there counts. */
  static final List<String> MEMBERS = List.of("reasoning_content", "reasoning");

  static final String DETAILS = "reasoning_details";

  private static final String GEMINI = "gemini-generate";
  private static final String EXTRA = "extra_content";
  private static final String GOOGLE = "google";
  private static final String SIGNATURE = "thought_signature";
  private static final String DETAIL = "reasoning.text";

  private OpenAiChatThoughts() {}

  /**
   * The thoughts of a message, signed or not.
   *
   * @param understood is told what they are made of
   */
  static List<Part> read(Place message, Set<String> understood) {
    List<Part> signed = signed(message.object(), message.path());
    if (!signed.isEmpty()) {
      understood.addAll(MEMBERS);
      understood.add(DETAILS);
      return signed;
    }
    for (String name : MEMBERS) {
      String text = OpenAiJson.text(message.object(), name);
      if (!text.isEmpty()) {
        understood.add(name);
        return List.of(new Part.Thought(
            text, Optional.empty(), new Origin(PROTOCOL, message.at(name), OpenAiJson.object())));
      }
    }
    return List.of();
  }

  /** The thoughts that other protocols' providers have signed; none if a provider of this one did, who reads them himself. */
  private static List<Part> signed(ObjectNode message, String path) {
    List<Part> thoughts = new ArrayList<>();
    JsonNode details = message.path(DETAILS);
    for (int i = 0; i < details.size(); i++) {
      JsonNode detail = details.get(i);
      Signature signature = signature(detail);
      if (signature.protocol().equals(PROTOCOL)) {
        return List.of();
      }
      String at = (path.isEmpty() ? "" : path + ".") + DETAILS + "[" + i + "]";
      thoughts.add(new Part.Thought(
          OpenAiJson.text(detail, "text"),
          Optional.of(signature),
          new Origin(PROTOCOL, at, OpenAiJson.object())));
    }
    return thoughts;
  }

  /** Who has signed an element of the details: this protocol itself stands for all who write in it. */
  static Signature signature(JsonNode detail) {
    return Signature.from(OpenAiJson.text(detail, "signature"), PROTOCOL);
  }

  /** A signed thought as an element of the details. */
  static ObjectNode detail(int index, String text, Signature signature) {
    return OpenAiJson.object()
        .put("type", DETAIL)
        .put("text", text)
        .put("signature", signature.in(PROTOCOL))
        .put("index", index);
  }

  static boolean isGoogles(Signature signature) {
    return signature.protocol().equals(GEMINI);
  }

  /**
   * What a call says of the thought behind it, as a thought without words.
   *
   * @param origin of the call, out of whose rest it is taken
   */
  static Optional<Part> signed(Place call, Origin origin) {
    String path = call.at(EXTRA + "." + GOOGLE + "." + SIGNATURE);
    return signature(origin.rest())
        .map(signature -> new Part.Thought(
            "", Optional.of(signature), new Origin(PROTOCOL, path, OpenAiJson.object())));
  }

  /** Takes Google's signature out of what is left of a call. */
  private static Optional<Signature> signature(ObjectNode rest) {
    String found = OpenAiJson.text(rest.path(EXTRA).path(GOOGLE), SIGNATURE);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode extra = rest.path(EXTRA).deepCopy();
    ObjectNode google = extra.withObject("/" + GOOGLE);
    google.remove(SIGNATURE);
    if (google.isEmpty()) {
      extra.remove(GOOGLE);
    }
    rest.set(EXTRA, extra);
    if (extra.isEmpty()) {
      rest.remove(EXTRA);
    }
    return Optional.of(Signature.from(found, GEMINI));
  }

  /** Puts it into a call. */
  static void sign(ObjectNode call, Signature signature) {
    ObjectNode extra =
        call.path(EXTRA) instanceof ObjectNode left ? left.deepCopy() : OpenAiJson.object();
    extra.withObject("/" + GOOGLE).put(SIGNATURE, signature.in(GEMINI));
    call.set(EXTRA, extra);
  }
}
