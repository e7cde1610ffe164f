namespace Graft.Models;

/// <summary>What a file of weights was recognised as, by its names and shapes alone.</summary>
sealed record Recognition(ModelFamily Family, Origin Origin, ModelConfig Config);
