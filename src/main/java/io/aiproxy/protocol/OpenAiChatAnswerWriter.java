package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;

/** Writes an answer as one document. One per answer. */
final class OpenAiChatAnswerWriter {
  private final Losses losses;

  OpenAiChatAnswerWriter(Losses losses) {
    this.losses = losses;
  }

  ObjectNode write(Response answer, Request asked) {
    ObjectNode written = OpenAiJson.object()
        .put("id", answer.id().isEmpty() ? OpenAiChatEncoder.NO_ID : answer.id())
        .put("object", "chat.completion")
        .put("created", answer.created())
        .put("model", answer.model().isEmpty() ? asked.model() : answer.model());
    ArrayNode choices = written.putArray("choices");
    for (Candidate candidate : answer.candidates()) {
      choices.add(choice(candidate, choices.size()));
    }
    if (!answer.usage().isAbsent()) {
      written.set("usage", OpenAiUsage.write(answer.usage()));
    }
    answer.origin().into(written, PROTOCOL, losses);
    return written;
  }

  private ObjectNode choice(Candidate candidate, int index) {
    boolean own = candidate.origin().protocol().equals(PROTOCOL);
    ObjectNode choice = OpenAiJson.object().put("index", index);
    OpenAiChatAnswered answered = new OpenAiChatAnswered(losses);
    candidate.parts().forEach(answered::add);
    choice.set("message", answered.message());
    if (candidate.logprobs().isEmpty()) {
      choice.putNull("logprobs");
    } else {
      choice.set("logprobs", OpenAiChatLogprobs.write(candidate.logprobs()));
    }
    boolean isKnown = own && !candidate.stop().word().isEmpty();
    choice.put(
        "finish_reason",
        isKnown ? candidate.stop().word() : OpenAiChatStops.word(candidate.stop()));
    candidate.origin().into(choice, PROTOCOL, losses);
    Place.unfold(choice, "message");
    Place.unfold(choice, "logprobs");
    return choice;
  }
}
