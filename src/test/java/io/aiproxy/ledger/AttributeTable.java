package io.aiproxy.ledger;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The reference of all request attributes, as the README shows it. */
final class AttributeTable {
  private static final String HEAD = "| attribute | unless known | what it is |\n|---|---|---|\n";

  private AttributeTable() {}

  static String markdown() {
    return HEAD
        + Arrays.stream(Attribute.values())
            .map(AttributeTable::row)
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static String row(Attribute attribute) {
    return "| `" + attribute.key() + "` | " + otherwise(attribute) + " | " + meaning(attribute)
        + " |";
  }

  /** What it is for an exchange of which nothing is known. */
  private static String otherwise(Attribute attribute) {
    String value = attribute.of(new Ledger("", () -> 0));
    return value.isEmpty() ? "" : "`" + value + "`";
  }

  private static String meaning(Attribute attribute) {
    return switch (attribute) {
      case REQUEST_TYPE -> "`ai_stream` if the client asked for a stream, else `ai_chat`.";
      case REQUEST_LLM_MODEL -> "The model that the client asked for.";
      case LLM_MODEL -> "The model that the provider was asked for.";
      case LLM_RESPONSE_MODEL -> "The model that answered, as the answer says.";
      case LLM_TIME_TO_FIRST_TOKEN ->
        "From the start of the last attempt to the first event with output; of an answer that is not streamed to its end; in ms.";
      case LLM_PROMPT_TOKENS -> "Tokens that the model read, as the provider counts them.";
      case LLM_COMPLETION_TOKENS -> "Tokens that the model wrote, as the provider counts them.";
      case LLM_TOTAL_TOKENS -> "The provider's sum, or the sum of the two.";
      case LLM_CACHE_READ_INPUT_TOKENS -> "Prompt tokens that came from the provider's cache.";
      case LLM_CACHE_CREATION_INPUT_TOKENS -> "Prompt tokens that went into it.";
      case LLM_REASONING_TOKENS -> "Tokens of thought.";
      case LLM_USAGE_SOURCE ->
        "Where the counts are from: `reported` by the provider, `drained` after the client had gone, `estimated` here, `absent`.";
      case LLM_STREAM -> "Whether the client asked for a stream.";
      case LLM_HAS_TOOL_CALLS -> "Whether the answer calls a tool.";
      case LLM_TOOL_COUNT -> "How many tools the client offers.";
      case LLM_FINISH_REASON -> "Why the answer ended, in the provider's word.";
      case LLM_END_USER_ID ->
        "The client's user: `safety_identifier`, else `user`; of Anthropic's protocol `metadata.user_id`.";
      case LLM_OUTCOME ->
        "How it ended: `completed`, `incomplete` (a stream without its last event), `upstream_error`, `client_gone`, `preflight`, or the code of the error that the gateway gave.";
      case LLM_INSTANCE -> "Which instance answered.";
      case LLM_ATTEMPTS -> "How many attempts there were.";
      case AI_REQUEST_ID -> "What the client got as `x-ai-request-id`.";
      case AI_ROUTE -> "The route's id.";
      case AI_PROTOCOL -> "The client's protocol, such as `openai-chat`.";
      case AI_CONSUMER -> "The user that the container authenticated.";
      case UPSTREAM_INSTANCE -> "The instance that was asked, of each attempt.";
      case UPSTREAM_ADDR -> "Host and port, of each attempt.";
      case UPSTREAM_STATUS -> "The provider's status, of each attempt; `-` if there was none.";
      case UPSTREAM_CONNECT_TIME -> "Until there was a connection, in s, of each attempt.";
      case UPSTREAM_HEADER_TIME -> "Until the answer began, in s, of each attempt.";
      case UPSTREAM_RESPONSE_TIME -> "Until the answer ended, in s, of each attempt.";
      case UPSTREAM_RESPONSE_LENGTH ->
        "How much of the answer's body came, in bytes, of each attempt.";
      case UPSTREAM_PROMPT_TOKENS ->
        "The prompt's tokens, of each attempt; failed ones may cost too.";
      case UPSTREAM_COMPLETION_TOKENS -> "The answer's tokens, of each attempt.";
      case UPSTREAM_SCHEME -> "`http` or `https`, of the last attempt.";
      case UPSTREAM_HOST -> "The host without a port, of the last attempt.";
      case UPSTREAM_URI -> "The path without a query, of the last attempt.";
      case REQUEST_TIME -> "The whole exchange, in s.";
      case BODY_BYTES_SENT -> "How much of a body the client was sent, in bytes.";
    };
  }
}
