namespace Graft.Imaging;

/// <summary>
/// A change of a picture together with its mask, drawn from the sample's generator. Has no state of its own, so that one instance
/// serves all threads.
/// </summary>
public interface IMaskedTransform
{
    /// <summary>
    /// The changed pair. What is given is never changed nor disposed; it is itself the result where there is nothing to change.
    /// </summary>
    MaskedImage Apply(MaskedImage pair, ref SampleRandom random);
}
