package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import io.aiproxy.neutral.Stop;
import io.aiproxy.usage.Usage;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads and writes answers that are one document. */
final class GeminiAnswers {
  private static final String FEEDBACK = "promptFeedback";
  private static final String USAGE = "usageMetadata";
  private static final Set<String> BODY =
      Set.of("candidates", USAGE, "modelVersion", "responseId", "createTime");
  private static final Set<String> CANDIDATE =
      Set.of("content", "finishReason", "index", "logprobsResult");
  private static final Set<String> SOURCES =
      Set.of("groundingMetadata", "citationMetadata", "urlContextMetadata");
  private static final Set<String> COUNTS = Set.of(
      "promptTokenCount",
      "candidatesTokenCount",
      "totalTokenCount",
      "cachedContentTokenCount",
      "thoughtsTokenCount");

  private GeminiAnswers() {}

  static Response read(ObjectNode answer) {
    ObjectNode body = GeminiJson.usual(answer);
    boolean isBlocked = body.path(FEEDBACK).hasNonNull("blockReason");
    if (!body.path("candidates").isArray() && !isBlocked && !body.has(USAGE)) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer has no candidates");
    }
    GeminiPartReader parts =
        new GeminiPartReader(new GeminiCalls(GeminiJson.text(body, "responseId")));
    List<Candidate> candidates = new ArrayList<>();
    for (ObjectNode candidate : GeminiJson.objects(body.path("candidates"))) {
      candidates.add(candidate(candidate, "candidates[" + candidates.size() + "]", parts));
    }
    Origin origin = GeminiJson.origin("", body, BODY);
    if (candidates.isEmpty() && isBlocked) {
      candidates.add(blocked(body));
      origin.rest().remove(FEEDBACK);
    }
    return new Response(
        GeminiJson.text(body, "responseId"),
        GeminiJson.text(body, "modelVersion"),
        created(GeminiJson.text(body, "createTime")),
        candidates,
        GeminiUsage.neutral(body.path(USAGE)),
        Bookkeeping.all(GeminiJson.and(origin, USAGE, GeminiJson.usual(body.path(USAGE)), COUNTS)));
  }

  /** In seconds since 1970; 0 if it does not say. */
  static long created(String time) {
    try {
      return time.isEmpty() ? 0 : Instant.parse(time).getEpochSecond();
    } catch (DateTimeParseException unknown) {
      return 0;
    }
  }

  private static Candidate candidate(ObjectNode candidate, String path, GeminiPartReader parts) {
    JsonNode content = candidate.path("content").path("parts");
    List<Part> read = new ArrayList<>();
    for (int i = 0; i < content.size(); i++) {
      for (Part part : parts.read(content.get(i), path + ".content.parts[" + i + "]")) {
        read.add(cited(part, candidate, i));
      }
    }
    boolean calls = read.stream().anyMatch(Part.ToolCall.class::isInstance);
    return new Candidate(
        read,
        GeminiStops.read(GeminiJson.text(candidate, "finishReason"), calls),
        GeminiCandidates.logprobs(candidate.path("logprobsResult")),
        Bookkeeping.but(GeminiJson.origin(path, candidate, CANDIDATE), SOURCES::contains));
  }

  private static Part cited(Part part, ObjectNode candidate, int number) {
    return part instanceof Part.Text text
        ? new Part.Text(
            text.text(), GeminiCandidates.citations(candidate, number, text.text()), text.origin())
        : part;
  }

  /** A prompt that was refused has no answer, and says so in another place. */
  private static Candidate blocked(ObjectNode body) {
    ObjectNode feedback = GeminiJson.usual(body.get(FEEDBACK));
    return new Candidate(
        List.of(),
        GeminiStops.blocked(GeminiJson.text(feedback, "blockReason")),
        List.of(),
        Bookkeeping.all(GeminiJson.origin(FEEDBACK, feedback, Set.of("blockReason"))));
  }

  static ObjectNode written(Response answer, Losses losses) {
    ObjectNode body = GeminiJson.object();
    for (Candidate candidate : answer.candidates()) {
      if (candidate.origin().path().equals(FEEDBACK) && GeminiJson.isOwn(candidate.origin())) {
        ObjectNode feedback = body.putObject(FEEDBACK);
        feedback.put("blockReason", candidate.stop().word());
        GeminiJson.restore(candidate.origin(), feedback, losses);
      } else {
        ArrayNode all = body.withArrayProperty("candidates");
        all.add(candidate(candidate, all.size(), losses));
      }
    }
    long toolUse =
        Usage.orZero(TokenCount.of(answer.origin().own().path(USAGE + ".toolUsePromptTokenCount")));
    if (!answer.usage().isAbsent()) {
      body.set(
          USAGE,
          GeminiUsage.written(answer.usage(), GeminiJson.isOwn(answer.origin()) ? toolUse : 0));
    }
    head(body, answer.id(), answer.model(), answer.created());
    GeminiJson.restore(answer.origin(), body, losses);
    return body;
  }

  /** What each message of an answer says of it. */
  static void head(ObjectNode body, String id, String model, long created) {
    if (!model.isEmpty()) {
      body.put("modelVersion", model);
    }
    if (created > 0) {
      body.put("createTime", Instant.ofEpochSecond(created).toString());
    }
    if (!id.isEmpty()) {
      body.put("responseId", id);
    }
  }

  private static ObjectNode candidate(Candidate candidate, int index, Losses losses) {
    ObjectNode written = GeminiJson.object();
    ObjectNode content = written.putObject("content");
    content.set("parts", new GeminiPartWriter(losses, false).written(candidate.parts()));
    content.put("role", "model");
    if (candidate.stop().reason() != Stop.Reason.UNKNOWN) {
      written.put("finishReason", GeminiStops.word(candidate.stop()));
    }
    written.put("index", index);
    if (!candidate.logprobs().isEmpty()) {
      written.set("logprobsResult", GeminiCandidates.written(candidate.logprobs()));
    }
    if (!GeminiJson.isOwn(candidate.origin())) {
      cite(candidate, content.path("parts"), written);
    }
    GeminiJson.restore(candidate.origin(), written, losses);
    return written;
  }

  /** What the texts have from elsewhere; parts are found again by their words. */
  private static void cite(Candidate candidate, JsonNode parts, ObjectNode written) {
    int number = 0;
    for (Part part : candidate.parts()) {
      if (part instanceof Part.Text text && !text.citations().isEmpty()) {
        while (number < parts.size()
            && !GeminiJson.text(parts.get(number), "text").equals(text.text())) {
          number++;
        }
        GeminiCandidates.cite(written, text.citations(), number, text.text());
      }
    }
  }
}
