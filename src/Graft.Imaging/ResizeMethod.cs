namespace Graft.Imaging;

/// <summary>What becomes of an image whose sides have another ratio than the network's input (fastai's ResizeMethod).</summary>
public enum ResizeMethod
{
    /// <summary>The largest rectangle of the input's ratio is cut out: from the middle, in training from anywhere.</summary>
    Crop,

    /// <summary>The whole image is squashed to the input.</summary>
    Squish,

    /// <summary>The whole image is fitted in, and the rest filled: around it, in training shared out at random.</summary>
    Pad,
}
