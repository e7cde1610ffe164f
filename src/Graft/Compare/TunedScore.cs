namespace Graft;

/// <summary>What fine-tuning made of a compared model.</summary>
/// <param name="Folder">its run's folder</param>
/// <param name="Accuracy">share of right ones among the validation images</param>
/// <param name="Loss">mean cross-entropy over them</param>
/// <param name="Images">how many these are</param>
/// <param name="Epochs">epochs that were done</param>
/// <param name="WasStopped">whether the budget ended it early</param>
/// <param name="Seconds">how long it took</param>
public sealed record TunedScore(
    string Folder, double Accuracy, double Loss, int Images, int Epochs, bool WasStopped, double Seconds)
{
    /// <summary>The accuracy's 95% interval by Wilson.</summary>
    public (double Low, double High) Interval => Training.Proportion.Wilson((long)Math.Round(Accuracy * Images), Images);
}
