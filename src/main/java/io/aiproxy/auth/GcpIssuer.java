package io.aiproxy.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.aiproxy.json.Mappers;
import java.io.IOException;
import java.net.URI;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** Asks Google for tokens, with Google's own library. Loaded only where that is. */
final class GcpIssuer implements Issuer {
  /** All of Google Cloud; what an account may do there is said by its roles. */
  private static final List<String> SCOPE =
      List.of("https://www.googleapis.com/auth/cloud-platform");

  private static final String TOKEN_URI = "https://oauth2.googleapis.com/token";
  private static final JsonMapper JSON = Mappers.mapper().build();

  private final Source source;

  /** Where an account comes from. */
  private interface Source {
    GoogleCredentials account() throws IOException;
  }

  private GcpIssuer(Source source) {
    this.source = source;
  }

  /**
   * For the account of a key file.
   *
   * @throws IllegalArgumentException if {@link #fault} finds something wrong with it
   */
  static GcpIssuer of(String serviceAccount) {
    try {
      ServiceAccountCredentials account = account(JSON.readTree(serviceAccount));
      return new GcpIssuer(() -> account);
    } catch (IOException wrong) {
      throw new IllegalArgumentException("not a service account");
    }
  }

  /** For the account that Google's library finds in this process's surroundings, each time anew. */
  static GcpIssuer ofThisMachine() {
    return new GcpIssuer(() -> GoogleCredentials.getApplicationDefault().createScoped(SCOPE));
  }

  /** What is wrong with a key file; empty if nothing is. Shows none of it. */
  static Optional<String> fault(String serviceAccount) {
    JsonNode json;
    try {
      json = JSON.readTree(serviceAccount);
    } catch (JsonProcessingException notJson) {
      return Optional.of("must be the JSON key file of a service account, and is no JSON");
    }
    for (String name : List.of("client_email", "private_key")) {
      if (!json.path(name).isTextual()) {
        return Optional.of("must be the JSON key file of a service account, and lacks " + name);
      }
    }
    try {
      account(json);
      return Optional.empty();
    } catch (IOException badKey) {
      return Optional.of(
          "must be the JSON key file of a service account, and its private_key is no PEM of PKCS #8");
    } catch (IllegalArgumentException badUri) {
      return Optional.of(
          "must be the JSON key file of a service account, and its token_uri is no http or https URL");
    }
  }

  private static ServiceAccountCredentials account(JsonNode json) throws IOException {
    return ServiceAccountCredentials.newBuilder()
        .setClientId(json.path("client_id").asText())
        .setClientEmail(json.path("client_email").asText())
        .setPrivateKeyString(json.path("private_key").asText())
        .setPrivateKeyId(json.path("private_key_id").asText())
        .setProjectId(json.path("project_id").asText())
        .setTokenServerUri(uri(json.path("token_uri").asText(TOKEN_URI)))
        .setScopes(SCOPE)
        .setDefaultRetriesEnabled(false)
        .build();
  }

  private static URI uri(String text) {
    URI uri = URI.create(text);
    if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
      throw new IllegalArgumentException("not a URL to send requests to");
    }
    return uri;
  }

  @Override
  public Issued issue() throws NoToken {
    try {
      AccessToken token = source.account().refreshAccessToken();
      Date end = Optional.ofNullable(token.getExpirationTime())
          .orElseThrow(() -> new NoToken("a token without an end"));
      return new Issued(token.getTokenValue(), end.toInstant());
    } catch (IOException trouble) {
      throw said(trouble).orElseGet(() -> NoToken.because(trouble));
    }
  }

  /** What the token endpoint answered: its error code and description, and not what it may have repeated besides. */
  private static Optional<NoToken> said(IOException trouble) {
    for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpResponseException answer) {
        return Optional.of(new NoToken("status " + answer.getStatusCode() + error(answer)));
      }
    }
    return Optional.empty();
  }

  private static String error(HttpResponseException answer) {
    try {
      JsonNode json = JSON.readTree(Optional.ofNullable(answer.getContent()).orElse(""));
      return json.path("error").isTextual()
          ? ", " + json.path("error").asText() + ": "
              + json.path("error_description").asText()
          : "";
    } catch (JsonProcessingException notJson) {
      return "";
    }
  }
}
