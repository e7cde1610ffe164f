namespace Graft.Demo;

/// <summary>What <c>graft demo</c> does.</summary>
public sealed record DemoConfig
{
    /// <summary>Where pictures, models and reports go; whatever an earlier demo left there is replaced.</summary>
    /// <value><c>demo</c></value>
    public string Folder { get; init; } = "demo";

    /// <summary>Decides the pictures and every draw of the training.</summary>
    /// <value>1</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Width and height of the pictures in pixels.</summary>
    /// <value>48</value>
    public int Size { get; init; } = 48;

    /// <summary>Training pictures of each class of the source task.</summary>
    /// <value>500</value>
    public int SourceImages { get; init; } = 500;

    /// <summary>Passes over the source task.</summary>
    /// <value>10</value>
    public int SourceEpochs { get; init; } = 10;

    /// <summary>Training pictures of each class of the target task: few, as in life.</summary>
    /// <value>40</value>
    public int TargetImages { get; init; } = 40;

    /// <summary>Passes over the target task, in each mode and from random weights.</summary>
    /// <value>15</value>
    public int TargetEpochs { get; init; } = 15;

    /// <summary>Validation pictures of each class of the target task.</summary>
    /// <value>60</value>
    public int ValidationImages { get; init; } = 60;

    /// <summary>Channels of the network's first stage; each of the two others has twice as many as the one before.</summary>
    /// <value>24</value>
    public int Width { get; init; } = 24;

    /// <summary>Threads that one operator may use.</summary>
    /// <value>0: all cores</value>
    public int Threads { get; init; }
}
