namespace Graft.Models;

/// <summary>How it is found out where in an image a network looked.</summary>
public enum ExplainMethod
{
    /// <summary>
    /// What of the last map speaks for a class: the map's channels, weighed by the class's gradients. Selvaraju et al. 2016,
    /// arXiv:1610.02391.
    /// </summary>
    GradCam,

    /// <summary>
    /// From which patches the attentions of all blocks carry something to the features, whatever the class. Abnar and Zuidema
    /// 2020, arXiv:2005.00928.
    /// </summary>
    Rollout,
}
