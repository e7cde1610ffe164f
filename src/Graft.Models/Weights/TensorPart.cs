namespace Graft.Models;

/// <summary>A piece of one of our tensors in an origin's file; the pieces are stacked along dimension 0.</summary>
/// <param name="Name">their tensor</param>
/// <param name="Index">which of its slices along dimension 0</param>
/// <param name="Of">how many slices of one size it has: 1 where it is taken whole</param>
public readonly record struct TensorPart(string Name, int Index = 0, int Of = 1);
