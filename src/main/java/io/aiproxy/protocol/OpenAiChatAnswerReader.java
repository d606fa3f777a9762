package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import io.aiproxy.usage.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads an answer that is one document. What is not of the kind that it should be is passed over. */
final class OpenAiChatAnswerReader {
  private static final Set<String> UNDERSTOOD =
      Set.of("id", "object", "created", "model", "choices", "usage");

  /** What some providers say beside the choices: sources, mostly. */
  private static final Set<String> CONTENT =
      Set.of("citations", "search_results", "related_questions", "images", "videos");

  private OpenAiChatAnswerReader() {}

  /** An answer may say with status 200 that it is none. */
  static Response read(ObjectNode body) {
    JsonNode choices = body.path("choices");
    if (!choices.isArray()) {
      throw Problem.of(Problem.Kind.UPSTREAM_ERROR, message(body));
    }
    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode choice : choices) {
      if (choice instanceof ObjectNode said) {
        candidates.add(candidate(new Place(said, "choices[" + candidates.size() + "]")));
      }
    }
    return new Response(
        OpenAiJson.text(body, "id"),
        OpenAiJson.text(body, "model"),
        body.path("created").asLong(),
        candidates,
        usage(body).orElse(Usage.NONE),
        Bookkeeping.but(new Place(body, "").origin(PROTOCOL, UNDERSTOOD), CONTENT::contains));
  }

  private static String message(ObjectNode body) {
    String error = OpenAiJson.text(body, "error");
    String message = error.isEmpty() ? OpenAiJson.text(body.path("error"), "message") : error;
    return message.isEmpty() ? "the upstream's answer has no choices" : message;
  }

  /** Groq and Moonshot have places of their own for it. */
  static Optional<Usage> usage(ObjectNode body) {
    return OpenAiUsage.said(body.path("usage"))
        .or(() -> OpenAiUsage.said(body.path("x_groq").path("usage")))
        .or(() -> OpenAiUsage.said(body.path("choices").path(0).path("usage")));
  }

  private static Candidate candidate(Place choice) {
    ObjectNode said =
        choice.member("message") instanceof ObjectNode object ? object : OpenAiJson.object();
    Place message = new Place(said, choice.at("message"));
    Set<String> understood = new HashSet<>(Set.of("role", "content", OpenAiChatParts.REFUSAL));
    List<Part> parts = new ArrayList<>(OpenAiChatThoughts.read(message, understood));
    content(message, understood, parts);
    audio(message, understood, parts);
    OpenAiChatCalls.read(message, understood, parts);
    boolean refuses = parts.stream().anyMatch(Part.Refusal.class::isInstance);
    boolean calls = parts.stream().anyMatch(Part.ToolCall.class::isInstance);
    return new Candidate(
        parts,
        OpenAiChatStops.read(choice.object(), calls, refuses),
        OpenAiChatLogprobs.read(choice.member("logprobs").path("content")),
        origin(choice, message, understood));
  }

  private static Origin origin(Place choice, Place message, Set<String> understood) {
    Set<String> own = Set.of("index", "message", "finish_reason", "logprobs", "usage");
    Origin origin = choice.origin(PROTOCOL, own, message, understood);
    choice.member("logprobs").properties().stream()
        .filter(member -> !member.getKey().equals("content"))
        .forEach(member -> origin.rest().set("logprobs." + member.getKey(), member.getValue()));
    return Bookkeeping.but(
        origin, name -> name.startsWith("message.") || name.startsWith("logprobs."));
  }

  private static void content(Place message, Set<String> understood, List<Part> parts) {
    JsonNode content = message.member("content");
    String path = message.at("content");
    List<Citation> citations = OpenAiChatCitations.read(message.object(), message.path());
    if (content.isTextual() && !content.textValue().isEmpty()) {
      understood.add(OpenAiChatCitations.ANNOTATIONS);
      parts.add(new Part.Text(
          content.textValue(), citations, new Origin(PROTOCOL, path, OpenAiJson.object())));
    }
    for (int i = 0; content.isArray() && i < content.size(); i++) {
      if (content.get(i) instanceof ObjectNode part) {
        parts.add(OpenAiChatParts.answered(new Place(part, path + "[" + i + "]")));
      }
    }
    String refusal = OpenAiJson.text(message.object(), OpenAiChatParts.REFUSAL);
    if (!refusal.isEmpty()) {
      parts.add(new Part.Refusal(
          refusal, new Origin(PROTOCOL, message.at(OpenAiChatParts.REFUSAL), OpenAiJson.object())));
    }
  }

  private static void audio(Place message, Set<String> understood, List<Part> parts) {
    if (message.member("audio") instanceof ObjectNode audio
        && !OpenAiJson.text(audio, "data").isEmpty()) {
      understood.add("audio");
      parts.add(new Part.Media(
          Part.Media.Kind.AUDIO,
          "", // which format it is in only the request says
          new Part.Source.Data(OpenAiJson.text(audio, "data")),
          "",
          new Place(audio, message.at("audio")).origin(PROTOCOL, Set.of("data"))));
    }
  }
}
