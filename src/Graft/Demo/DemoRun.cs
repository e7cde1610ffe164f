namespace Graft.Demo;

/// <summary>One way of learning the target task.</summary>
/// <param name="Name">its name, which is its folder's too</param>
/// <param name="Start">what the network started from</param>
/// <param name="Trained">what was trained</param>
/// <param name="IsTransfer">whether it started from the source task's network</param>
/// <param name="Result">what it came to</param>
public sealed record DemoRun(string Name, string Start, string Trained, bool IsTransfer, TrainResult Result);
