"""The TOF laid over the T2: a head may have moved between the two."""

from typing import Any

import numpy as np

from hemiface.errors import MissingExtraError
from hemiface.types import Floats
from hemiface.volume import Volume

_BINS, _SHARE, _SEED = 40, 0.5, 1
_SHRINK, _SMOOTH_MM = (4, 2, 1), (1.5, 0.8, 0.0)


def register_tof(t2: Volume, tof: Volume) -> Floats:
    """Return how the head moved: from a place in the T2 to the same place in the TOF.

    Rigid; the mutual information of both pictures (Mattes 2003, DOI 10.1109/TMI.2003.809072) is
    made greatest, from where the headers say they lie.

    Returns
    -------
    numpy.ndarray
        Shape (4, 4), LPS mm.

    Raises
    ------
    MissingExtraError
        If SimpleITK is absent.
    """
    sitk = _sitk()
    fixed, moving = _image(sitk, t2), _image(sitk, tof)
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(_BINS)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(_SHARE, _SEED)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(
        0.5, 0.002, 100, gradientMagnitudeTolerance=1e-6
    )
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel(_SHRINK)
    method.SetSmoothingSigmasPerLevel(_SMOOTH_MM)
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOn()
    start = sitk.Euler3DTransform()
    start.SetCenter(t2.places((np.array(t2.voxels.shape) - 1) / 2).tolist())
    method.SetInitialTransform(start, inPlace=False)
    return _matrix(method.Execute(fixed, moving))


def _sitk() -> Any:
    try:
        import SimpleITK
    except ImportError as problem:
        raise MissingExtraError(
            "Laying the TOF over the T2 needs the package SimpleITK, which is not installed. "
            'Install it with: pip install "hemiface[mri]".'
        ) from problem
    return SimpleITK


def _image(sitk: Any, volume: Volume) -> Any:
    image = sitk.GetImageFromArray(np.ascontiguousarray(volume.voxels.T))
    image.SetSpacing(volume.spacing_mm.tolist())
    image.SetDirection((volume.affine[:3, :3] / volume.spacing_mm).ravel().tolist())
    image.SetOrigin(volume.affine[:3, 3].tolist())
    return image


def _matrix(transform: Any) -> Floats:
    origin = np.array(transform.TransformPoint((0.0, 0.0, 0.0)))
    pose = np.eye(4)
    for axis in range(3):
        pose[:3, axis] = np.array(transform.TransformPoint(np.eye(3)[axis].tolist())) - origin
    pose[:3, 3] = origin
    return pose
