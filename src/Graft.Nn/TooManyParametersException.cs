namespace Graft.Nn;

/// <summary>A network would have more numbers than <see cref="ParameterStore.MaxElements"/> allows.</summary>
public sealed class TooManyParametersException(string message) : Exception(message);
