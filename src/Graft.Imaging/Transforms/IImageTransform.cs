namespace Graft.Imaging;

/// <summary>
/// A change of an image, drawn from the sample's generator. Has no state of its own, so that one instance serves all threads.
/// </summary>
public interface IImageTransform
{
    /// <summary>
    /// The changed image. The one given is never changed nor disposed; it is itself the result when there is nothing to change.
    /// </summary>
    Image Apply(Image image, ref SampleRandom random);
}
