namespace Graft.Imaging;

/// <summary>The policies of <see cref="AutoAugment"/>, by the data that each was learned on.</summary>
public enum AutoAugmentPolicy
{
    /// <summary>ImageNet.</summary>
    ImageNet,

    /// <summary>CIFAR-10.</summary>
    Cifar10,

    /// <summary>SVHN, house numbers.</summary>
    Svhn,
}
