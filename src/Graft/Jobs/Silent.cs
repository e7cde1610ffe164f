namespace Graft;

/// <summary>An observer that looks away.</summary>
sealed class Silent : ITrainingProgress
{
    public static ITrainingProgress Instance { get; } = new Silent();
}
