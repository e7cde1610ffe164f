namespace Graft.Imaging;

/// <summary>How a byte becomes a float before mean and std: the origins differ in the last bit.</summary>
public enum PixelArithmetic
{
    /// <summary>byte x factor in double, rounded to float (Hugging Face).</summary>
    Multiply,

    /// <summary>byte / 255 in float (torchvision's ToTensor, timm).</summary>
    Divide,
}
