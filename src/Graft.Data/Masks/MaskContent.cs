namespace Graft.Data;

/// <summary>What a mask holds, before anybody says what it means.</summary>
/// <param name="Width">Width as it is stored.</param>
/// <param name="Height">Height as it is stored.</param>
/// <param name="Counts">Pixels of each value, of each colour (red, green, blue from the highest byte), or of each class.</param>
/// <param name="Kind">Which of these.</param>
sealed record MaskContent(int Width, int Height, Dictionary<int, long> Counts, MaskContentKind Kind);
