namespace Graft;

/// <summary>What a run came from, for its summary.</summary>
/// <param name="TrainListingHash">names, classes and sizes of the training images</param>
/// <param name="ValidationListingHash">those of the validation images</param>
/// <param name="WeightsHash">the weights that training started from; empty for random ones</param>
/// <param name="SavedHash">the weights that were saved</param>
/// <param name="Device">where it ran</param>
/// <param name="Threads">threads of an operator</param>
sealed record RunOrigins(
    string TrainListingHash, string ValidationListingHash, string WeightsHash, string SavedHash, string Device, int Threads);
