namespace Graft.Torch;

/// <summary>A parameter or buffer of a <see cref="ScriptModule"/>.</summary>
/// <param name="Index">its number</param>
/// <param name="Name">its path, such as <c>layer1.0.conv1.weight</c></param>
/// <param name="IsBuffer">whether it is saved but never trained</param>
public readonly record struct ScriptTensor(int Index, string Name, bool IsBuffer);
