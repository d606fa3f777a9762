package io.aiproxy.neutral;

/** The dialect of a protocol that turns texts into vectors. One implementation a protocol. */
public interface Embedding extends Dialect<EmbeddingRequest, EmbeddingResponse> {}
